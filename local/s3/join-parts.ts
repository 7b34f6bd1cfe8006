import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Checksum, type ChecksumAlgorithm, startDigest } from "./checksums";
import { S3Error } from "./errors";
import type { Part } from "./uploads";

export type Joined = { size: number; etag: string; checksum?: Checksum };

/**
 * Writes the parts one after the other into `file`. The etag and the checksum of the whole are those of the
 * parts' own, as S3 forms them: `md5-of-md5s-count` and, where asked for, the composite checksum.
 */
export async function joinParts(
  paths: string[],
  parts: Part[],
  file: string,
  algorithm: ChecksumAlgorithm | undefined,
): Promise<Joined> {
  await pipeline(Readable.from(chunksOf(paths), { objectMode: false }), createWriteStream(file, { flags: "wx" }));
  const md5 = createHash("md5");
  for (const { etag } of parts) md5.update(Buffer.from(etag, "hex"));
  return {
    size: parts.reduce((sum, part) => sum + part.size, 0),
    etag: `${md5.digest("hex")}-${parts.length}`,
    ...(algorithm && { checksum: compose(parts, algorithm) }),
  };
}

async function* chunksOf(paths: string[]) {
  for (const path of paths) yield* createReadStream(path);
}

function compose(parts: Part[], algorithm: ChecksumAlgorithm): Checksum {
  const digest = startDigest(algorithm);
  for (const { number, checksum } of parts) {
    if (checksum?.algorithm !== algorithm) {
      const message = `The upload was created using a ${algorithm} checksum. Part ${number} has none of that kind.`;
      throw new S3Error("InvalidRequest", message);
    }
    digest.update(Buffer.from(checksum.value, "base64"));
  }
  return { algorithm, value: `${digest.digest().toString("base64")}-${parts.length}`, type: "COMPOSITE" };
}
