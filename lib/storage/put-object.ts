import { PutObjectCommand } from "@aws-sdk/client-s3";
import { bucket, callS3, s3 } from "./client";

/**
 * Stores a whole object, replacing what was under its key: all of it or nothing. May be repeated.
 *
 * A Buffer and no stream: stores other than AWS do not all take the SDK's chunked encoding.
 *
 * @throws TemporaryError when the store cannot be reached or fails.
 */
export async function putObject(object: { key: string; body: Buffer; contentType: string }): Promise<void> {
  await callS3(object.key, () =>
    s3().send(
      new PutObjectCommand({
        Bucket: bucket(),
        Key: object.key,
        Body: object.body,
        ContentType: object.contentType,
        ContentLength: object.body.byteLength,
        ChecksumAlgorithm: "CRC32",
      }),
    ),
  );
}
