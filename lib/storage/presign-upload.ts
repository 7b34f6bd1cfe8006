import { PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { bucket, s3 } from "./client";

/** What a browser needs to upload one file: PUT the file to `url` with exactly these headers. */
export type PresignedUpload = { url: string; method: "PUT"; headers: Record<string, string>; expiresAt: string };

/**
 * Allows whoever holds the answer to store one file under `key`, until it expires, and nothing else.
 *
 * The content type is part of the signature, and so is the size where `sizeBytes` is given: a file of another size is
 * refused by the store. (A signed PUT cannot carry an upper bound, so the caller compares `sizeBytes` with its limit
 * before asking, and `headObject` tells what really arrived.) Calls nobody; the bucket needs a CORS rule for the
 * store's address.
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
  });
  const url = await getSignedUrl(s3(), command, {
    expiresIn: upload.expiresInSeconds,
    signingDate: upload.now,
    // The presigner leaves the type unsigned unless it is named here.
    signableHeaders: new Set(["host", "content-type", "content-length"]),
  });
  return {
    url,
    method: "PUT",
    // The browser sets content-length itself.
    headers: { "content-type": upload.contentType },
    expiresAt: new Date(upload.now.getTime() + upload.expiresInSeconds * 1000).toISOString(),
  };
}
