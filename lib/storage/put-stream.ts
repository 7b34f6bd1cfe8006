import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { invariant } from "@/lib/errors";
import { log } from "@/lib/log";
import { bucket, callS3, s3 } from "./client";
import { putObject } from "./put-object";

/** The store takes up to 10,000 parts of at least 5 MB: this makes room for 80 GB. */
const partBytes = 8 * 1024 * 1024;

/**
 * Stores bytes as they come, a part in memory at a time: all of them or nothing, replacing what was under the key. What
 * `bytes` throws is thrown on.
 *
 * @throws TemporaryError when the store cannot be reached or fails.
 */
export async function putStream(object: {
  key: string;
  bytes: AsyncIterable<Buffer>;
  contentType: string;
}): Promise<void> {
  const { key, contentType } = object;
  const parts = inParts(object.bytes);
  const first = await parts.next();
  const second = first.done ? first : await parts.next();
  if (second.done) return putObject({ key, contentType, body: first.done ? Buffer.alloc(0) : first.value });

  const { UploadId } = await callS3(key, () =>
    s3().send(new CreateMultipartUploadCommand({ Bucket: bucket(), Key: key, ContentType: contentType })),
  );
  invariant(UploadId, "an upload that was begun has an id");
  const upload = { Bucket: bucket(), Key: key, UploadId };
  try {
    const etags = [await putPart(upload, 1, first.value), await putPart(upload, 2, second.value)];
    for await (const part of parts) etags.push(await putPart(upload, etags.length + 1, part));
    const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
    await callS3(key, () => s3().send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })));
  } catch (error) {
    await abort(upload);
    throw error;
  }
}

type Upload = { Bucket: string; Key: string; UploadId: string };

async function putPart(upload: Upload, PartNumber: number, Body: Buffer): Promise<string | undefined> {
  const part = { ...upload, PartNumber, Body, ContentLength: Body.byteLength };
  return (await callS3(upload.Key, () => s3().send(new UploadPartCommand(part)))).ETag;
}

/** Where even that fails, the bucket's rule for unfinished uploads takes the parts away. */
async function abort(upload: Upload): Promise<void> {
  try {
    await callS3(upload.Key, () => s3().send(new AbortMultipartUploadCommand(upload)));
  } catch (error) {
    log.warn("storage.abort-failed", {
      key: upload.Key,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

async function* inParts(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    size += piece.length;
    if (size < partBytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pieces);
}
