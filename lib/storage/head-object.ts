import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { bucket, callS3, s3 } from "./client";

/**
 * What is known of an object without reading it.
 *
 * @throws ObjectNotFoundError where there is none.
 * @throws TemporaryError when the store cannot be reached or fails.
 */
export async function headObject(key: string): Promise<{ sizeBytes: number; contentType: string; etag: string }> {
  const answer = await callS3(key, () => s3().send(new HeadObjectCommand({ Bucket: bucket(), Key: key })));
  return {
    sizeBytes: answer.ContentLength ?? 0,
    contentType: answer.ContentType ?? "application/octet-stream",
    etag: answer.ETag ?? "",
  };
}
