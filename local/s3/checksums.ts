import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { S3Error } from "./errors";
import { amzValue, headerValue, type S3Request } from "./request";

export const checksumAlgorithms = ["CRC32", "CRC32C", "SHA1", "SHA256"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];
export type Checksum = { algorithm: ChecksumAlgorithm; value: string; type: "FULL_OBJECT" | "COMPOSITE" };

export type Digest = { update(chunk: Buffer): void; digest(): Buffer };

export function startDigest(algorithm: ChecksumAlgorithm): Digest {
  switch (algorithm) {
    case "CRC32":
      return crcDigest((chunk, crc) => crc32(chunk, crc));
    case "CRC32C":
      return crcDigest(crc32c);
    case "SHA1":
    case "SHA256": {
      const hash = createHash(algorithm);
      return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
    }
  }
}

function crcDigest(step: (chunk: Buffer, crc: number) => number): Digest {
  let crc = 0;
  return {
    update: (chunk) => {
      crc = step(chunk, crc);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(crc >>> 0);
      return bytes;
    },
  };
}

/** Castagnoli's polynomial, bits reversed (RFC 3720, appendix B.4). */
const crc32cTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(chunk: Buffer, crc: number): number {
  let value = ~crc;
  for (const byte of chunk) value = (crc32cTable[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value;
}

/** What a request promises about its body: at most one checksum, by header (or presigned query) or by trailer. */
export type ChecksumPromise = { algorithm: ChecksumAlgorithm; value: string | undefined; inTrailer: boolean };

/** Throws NotImplemented for an algorithm this server does not compute, InvalidRequest for more than one. */
export function readChecksumPromise(request: S3Request): ChecksumPromise | undefined {
  const trailer = headerValue(request, "x-amz-trailer")?.trim().toLowerCase();
  const names = Object.keys(request.incoming.headers).concat(request.query.map(([name]) => name.toLowerCase()));
  const given = [...new Set(names)].filter((name) => name.startsWith("x-amz-checksum-") && !settings.has(name));
  if (trailer) given.push(trailer);
  if (given.length > 1)
    throw new S3Error(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  const name = given[0];
  if (name === undefined) return undefined;
  const algorithm = checksumAlgorithms.find((known) => checksumHeader(known) === name);
  if (!algorithm) throw new S3Error("NotImplemented", `The local S3 does not compute ${name}.`, { Header: name });
  const inTrailer = name === trailer;
  return { algorithm, value: inTrailer ? undefined : amzValue(request, name), inTrailer };
}

const settings = new Set(["x-amz-checksum-mode", "x-amz-checksum-algorithm", "x-amz-checksum-type"]);

function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The headers that tell a client about a stored checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type };
}
