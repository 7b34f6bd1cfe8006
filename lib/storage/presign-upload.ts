import { PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { bucket, s3 } from "./client";

/** What a browser needs to upload one file: PUT the file to `url` with exactly these headers. */
export type PresignedUpload = { url: string; method: "PUT"; headers: Record<string, string>; expiresAt: string };

/**
 * Allows whoever holds the answer to store one file under `key`, once and until it expires, and nothing else: where
 * something is stored already the store answers 412, so a file does not change under whoever reads it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * The content type is part of the signature, and so is the size where `sizeBytes` is given: a file of another size is
 * refused by the store. (A signed PUT cannot carry an upper bound, so the caller compares `sizeBytes` with its limit
 * before asking, and `headObject` tells what really arrived.) Calls nobody; the bucket needs a CORS rule that
 * lets pages of the store's address PUT with the headers of the answer.
 */
export async function presignUpload(upload: {
  key: string;
  contentType: string;
  sizeBytes?: number;
  expiresInSeconds: number;
  now: Date;
}): Promise<PresignedUpload> {
  const command = new PutObjectCommand({
    Bucket: bucket(),
    Key: upload.key,
    ContentType: upload.contentType,
    ContentLength: upload.sizeBytes,
    IfNoneMatch: "*",
  });
  const url = await getSignedUrl(s3(), command, {
    expiresIn: upload.expiresInSeconds,
    signingDate: upload.now,
    // The presigner leaves unsigned what is not named here.
    signableHeaders: new Set(["host", "content-type", "content-length", "if-none-match"]),
  });
  return {
    url,
    method: "PUT",
    // The browser sets content-length itself.
    headers: { "content-type": upload.contentType, "if-none-match": "*" },
    expiresAt: new Date(upload.now.getTime() + upload.expiresInSeconds * 1000).toISOString(),
  };
}
