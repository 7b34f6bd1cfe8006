import { S3Client } from "@aws-sdk/client-s3";
import { effect } from "@/lib/crash-point";
import { env } from "@/lib/env";
import { translateS3Error } from "./s3-errors";

let client: S3Client | undefined;

/** The one S3 client of this process, made at first use. Any S3 will do: AWS itself, or what AWS_ENDPOINT_URL_S3 names. */
export function s3(): S3Client {
  const { AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = env();
  client ??= new S3Client({
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    // Stores other than AWS rarely answer at <bucket>.<host>.
    ...(AWS_ENDPOINT_URL_S3 && { endpoint: AWS_ENDPOINT_URL_S3, forcePathStyle: true }),
    // Otherwise a presigned upload would carry the checksum of an empty body, and every real one would be refused.
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  return client;
}

/** The bucket that holds the store's uploads and reports. */
export function bucket(): string {
  return env().S3_BUCKET;
}

/**
 * Makes one call about `key`, in our words when it fails. The SDK has already tried three times by then.
 *
 * @throws ObjectNotFoundError where nothing is stored under `key`.
 * @throws ObjectRefusedError when the store does not take or give it, now or later.
 * @throws TemporaryError when the store cannot be reached, is busy, or fails.
 */
export async function callS3<T>(key: string, call: () => Promise<T>): Promise<T> {
  try {
    return await effect("storage", call);
  } catch (error) {
    throw translateS3Error(key, error);
  }
}
