import { createReadStream, openSync } from "node:fs";
import { Readable } from "node:stream";
import { checksumHeaders } from "../checksums";
import { checkReadConditions, checkWriteConditions } from "../conditions";
import { type Context, getBucket, getObject, keyOf } from "../context";
import { S3Error } from "../errors";
import { describeObject, readObjectHeaders } from "../object-headers";
import { readRange } from "../range";
import { receiveFile } from "../receive-body";
import { amzValue, headerValue } from "../request";

const keyMaxBytes = 1024;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(context: Context): Promise<Response> {
  const { request, store, now } = context;
  const bucket = getBucket(context);
  const key = keyOf(context);
  checkKey(key);
  const described = readObjectHeaders(request);
  checkWriteConditions(request, bucket.objects.get(key));

  const file = store.temporaryFile();
  const received = await receiveFile(request, context.verified, file);
  // Asked again: another upload may have finished while this one was arriving.
  checkWriteConditions(request, bucket.objects.get(key));
  const object = store.putObject(
    bucket,
    {
      key,
      size: received.size,
      etag: received.md5,
      lastModified: now.toISOString(),
      ...described,
      ...(received.checksum && { checksum: received.checksum }),
    },
    file,
  );
  return new Response(null, {
    status: 200,
    headers: { etag: `"${object.etag}"`, ...checksumHeaders(object.checksum) },
  });
}

/** GET and HEAD. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function readObject(context: Context): Response {
  const { request, store } = context;
  const bucket = getBucket(context);
  const object = getObject(bucket, keyOf(context));
  checkReadConditions(request, object);
  const range = readRange(headerValue(request, "range"), object.size);

  const headers = describeObject(object, request);
  const wantsChecksum = amzValue(request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
  if (wantsChecksum && !range) Object.assign(headers, checksumHeaders(object.checksum));
  headers["content-length"] = String(range ? range.end - range.start + 1 : object.size);
  if (range) headers["content-range"] = `bytes ${range.start}-${range.end}/${object.size}`;
  const status = range ? 206 : 200;
  if (request.method === "HEAD" || object.size === 0) return new Response(null, { status, headers });
  // Opened now, in the tick that looked it up: a replacement takes the name away but not the open file.
  const fd = openSync(store.dataPath(bucket, object), "r");
  const bytes = createReadStream("", { fd, ...range });
  return new Response(Readable.toWeb(bytes) as ReadableStream<Uint8Array>, { status, headers });
}

/** Deleting what is not there succeeds too. */
export function deleteObject(context: Context): Response {
  context.store.deleteObject(getBucket(context), keyOf(context));
  return new Response(null, { status: 204 });
}

export function checkKey(key: string) {
  const bytes = Buffer.byteLength(key);
  if (bytes <= keyMaxBytes) return;
  throw new S3Error("KeyTooLongError", undefined, { Size: String(bytes), MaxSizeAllowed: String(keyMaxBytes) });
}
