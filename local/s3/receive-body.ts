import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsChunkedDecoder } from "./aws-chunked";
import { type Checksum, type ChecksumPromise, type Digest, readChecksumPromise, startDigest } from "./checksums";
import { S3Error } from "./errors";
import { headerValue, type S3Request } from "./request";
import { sameText, type Verified } from "./signature";

export type Received = { size: number; md5: string; checksum: Checksum | undefined };

const putMaxBytes = 5 * 1024 ** 3;
const documentMaxBytes = 2 * 1024 ** 2;

/**
 * Streams the body into a new file and holds it to every promise of the request: length, payload hash,
 * chunk signatures, Content-MD5, checksum. Nothing is left behind when one is broken or the client goes away.
 */
export async function receiveFile(request: S3Request, verified: Verified, file: string): Promise<Received> {
  try {
    return await receive(request, verified, createWriteStream(file, { flags: "wx" }), putMaxBytes);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** The same for a small document (XML), kept in memory. */
export async function receiveText(request: S3Request, verified: Verified): Promise<string> {
  const chunks: Buffer[] = [];
  const keep = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await receive(request, verified, keep, documentMaxBytes);
  return Buffer.concat(chunks).toString("utf8");
}

async function receive(request: S3Request, verified: Verified, target: Writable, bytesMax: number): Promise<Received> {
  const decoder = openDecoder(request, verified);
  const expectedSize = declaredSize(request, decoder !== undefined);
  if (expectedSize > bytesMax) throw new S3Error("EntityTooLarge", undefined, { MaxSizeAllowed: String(bytesMax) });
  const promise = readChecksumPromise(request);
  if (promise?.inTrailer && !verified.payload.endsWith("-TRAILER")) {
    throw new S3Error("InvalidRequest", "x-amz-trailer needs a payload that is sent with a trailer.");
  }
  const meter = new Meter(promise ? startDigest(promise.algorithm) : undefined, expectedSize);
  await (decoder ? pipeline(request.incoming, decoder, meter, target) : pipeline(request.incoming, meter, target));

  if (meter.size !== expectedSize) throw new S3Error("IncompleteBody");
  const sha256 = meter.sha256.digest("hex");
  if (!decoder && verified.payload !== "UNSIGNED-PAYLOAD" && !sameText(sha256, verified.payload)) {
    throw new S3Error("XAmzContentSHA256Mismatch", undefined, {
      ClientComputedContentSHA256: verified.payload,
      S3ComputedContentSHA256: sha256,
    });
  }
  const md5 = meter.md5.digest();
  checkMd5(request, md5);
  return { size: meter.size, md5: md5.toString("hex"), checksum: checkPromise(promise, meter, decoder) };
}

/** Counts and hashes what passes, and stops a body that is longer than declared. */
class Meter extends Transform {
  size = 0;
  readonly md5 = createHash("md5");
  readonly sha256 = createHash("sha256");
  readonly digest: Digest | undefined;

  constructor(digest: Digest | undefined, expectedSize: number) {
    super({
      transform: (chunk: Buffer, _encoding, done) => {
        this.size += chunk.length;
        if (this.size > expectedSize) return done(new S3Error("IncompleteBody"));
        this.md5.update(chunk);
        this.sha256.update(chunk);
        digest?.update(chunk);
        done(null, chunk);
      },
    });
    this.digest = digest;
  }
}

function openDecoder(request: S3Request, verified: Verified): AwsChunkedDecoder | undefined {
  switch (verified.payload) {
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
      return new AwsChunkedDecoder(verified, false);
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
      return new AwsChunkedDecoder(verified, true);
    case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
      return new AwsChunkedDecoder(undefined, true);
    default:
      if (verified.payload === "UNSIGNED-PAYLOAD" || /^[0-9a-f]{64}$/.test(verified.payload)) {
        if (!contentEncodings(request).includes("aws-chunked")) return undefined;
        throw new S3Error(
          "InvalidRequest",
          "An aws-chunked body needs an x-amz-content-sha256 that begins with STREAMING-.",
        );
      }
      if (verified.payload.startsWith("STREAMING-"))
        throw new S3Error("NotImplemented", undefined, { Header: "x-amz-content-sha256" });
      throw new S3Error(
        "InvalidArgument",
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value.",
      );
  }
}

export function contentEncodings(request: S3Request): string[] {
  const header = headerValue(request, "content-encoding") ?? "";
  return header
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function declaredSize(request: S3Request, chunked: boolean): number {
  const name = chunked ? "x-amz-decoded-content-length" : "content-length";
  const declared = headerValue(request, name);
  if (declared === undefined) {
    // A request without a body has neither header; a body of unknown length has the first.
    if (!chunked && headerValue(request, "transfer-encoding") === undefined && request.method !== "PUT") return 0;
    throw new S3Error("MissingContentLength");
  }
  if (!/^\d+$/.test(declared)) throw new S3Error("InvalidArgument", `${name} is not a number.`);
  return Number(declared);
}

function checkMd5(request: S3Request, md5: Buffer) {
  const claimed = headerValue(request, "content-md5");
  if (claimed === undefined) return;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(claimed))
    throw new S3Error("InvalidDigest", "The Content-MD5 you specified was invalid");
  if (claimed !== md5.toString("base64")) {
    throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
}

function checkPromise(promise: ChecksumPromise | undefined, meter: Meter, decoder: AwsChunkedDecoder | undefined) {
  if (!promise || !meter.digest) return undefined;
  const value = meter.digest.digest().toString("base64");
  const claimed = promise.inTrailer
    ? decoder?.trailers.get(`x-amz-checksum-${promise.algorithm.toLowerCase()}`)
    : promise.value;
  if (claimed === undefined) throw new S3Error("InvalidRequest", "The trailer named in x-amz-trailer was not sent.");
  if (claimed !== value) {
    throw new S3Error(
      "BadDigest",
      `The ${promise.algorithm} you specified did not match the calculated checksum. (If the URL was presigned without a body, the SDK put the checksum of an empty body into it: presign with a client that has requestChecksumCalculation: "WHEN_REQUIRED".)`,
    );
  }
  return { algorithm: promise.algorithm, value, type: "FULL_OBJECT" } satisfies Checksum;
}
