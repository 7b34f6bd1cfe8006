import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Checksum, ChecksumAlgorithm } from "./checksums";
import { S3Error } from "./errors";
import type { Bucket, Store, StoredObject } from "./store";

export type Upload = Pick<StoredObject, "key" | "headers" | "metadata"> & {
  id: string;
  bucket: string;
  /** ISO 8601. */
  initiatedAt: string;
  checksumAlgorithm?: ChecksumAlgorithm;
};

export type Part = {
  number: number;
  size: number;
  etag: string;
  /** ISO 8601. */
  lastModified: string;
  checksum?: Checksum;
  dataFile: string;
};

const description = "upload.json";

/** Multipart uploads under way: a folder each, with a description and the parts so far. */
export function openUploads(store: Store) {
  const dirOf = (upload: Upload) => join(store.uploadsDir, upload.id);
  const writeJson = (path: string, value: unknown) => {
    const fresh = store.temporaryFile();
    writeFileSync(fresh, JSON.stringify(value));
    renameSync(fresh, path);
  };

  return {
    create(upload: Omit<Upload, "id">): Upload {
      const created = { ...upload, id: randomBytes(16).toString("hex") };
      mkdirSync(dirOf(created));
      writeJson(join(dirOf(created), description), created);
      return created;
    },
    /** The upload of that id on that key, or NoSuchUpload. */
    get(id: string, bucket: Bucket, key: string): Upload {
      const upload = /^[0-9a-f]{32}$/.test(id) ? readJson<Upload>(join(store.uploadsDir, id, description)) : undefined;
      if (upload?.bucket === bucket.name && upload.key === key) return upload;
      throw new S3Error("NoSuchUpload", undefined, { UploadId: id });
    },
    /** Makes the bytes of `file` the part, replacing one of that number. NoSuchUpload when it ended meanwhile. */
    putPart(upload: Upload, part: Omit<Part, "dataFile">, file: string) {
      const dataFile = `${part.number}.${randomUUID()}.data`;
      const path = join(dirOf(upload), `${part.number}.json`);
      const replaced = readJson<Part>(path);
      try {
        renameSync(file, join(dirOf(upload), dataFile));
      } catch {
        rmSync(file, { force: true });
        throw new S3Error("NoSuchUpload", undefined, { UploadId: upload.id });
      }
      writeJson(path, { ...part, dataFile });
      if (replaced) rmSync(join(dirOf(upload), replaced.dataFile), { force: true });
    },
    /** In the order of their numbers. */
    parts(upload: Upload): Part[] {
      return readdirSync(dirOf(upload))
        .filter((name) => /^\d+\.json$/.test(name))
        .flatMap((name) => readJson<Part>(join(dirOf(upload), name)) ?? [])
        .sort((a, b) => a.number - b.number);
    },
    partPath: (upload: Upload, part: Part) => join(dirOf(upload), part.dataFile),
    remove: (upload: Upload) => rmSync(dirOf(upload), { recursive: true, force: true }),
  };
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
