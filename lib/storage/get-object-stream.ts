import { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { invariant } from "@/lib/errors";
import { bucket, callS3, s3 } from "./client";

/** An object being read. Read `stream` to its end or destroy it: it holds a connection. */
export type StoredObject = { stream: Readable; sizeBytes: number; contentType: string; etag: string };

/**
 * Opens an object for reading, from its beginning, without holding it in memory.
 *
 * @throws ObjectNotFoundError where there is none.
 * @throws TemporaryError when the store cannot be reached or fails. A connection lost later is an error of `stream`.
 */
export async function getObjectStream(key: string): Promise<StoredObject> {
  const answer = await callS3(key, () => s3().send(new GetObjectCommand({ Bucket: bucket(), Key: key })));
  invariant(answer.Body instanceof Readable, "on Node the SDK's bodies are Node streams");
  return {
    stream: answer.Body,
    sizeBytes: answer.ContentLength ?? 0,
    contentType: answer.ContentType ?? "application/octet-stream",
    etag: answer.ETag ?? "",
  };
}
