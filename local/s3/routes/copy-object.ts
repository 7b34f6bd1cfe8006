import { linkSync } from "node:fs";
import { checkWriteConditions } from "../conditions";
import { type Context, getBucket, getObject, keyOf } from "../context";
import { S3Error } from "../errors";
import { readObjectHeaders } from "../object-headers";
import { amzValue, decode } from "../request";
import { xmlResponse } from "../wire";
import { checkKey } from "./objects";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export function copyObject(context: Context): Response {
  const { request, store, now } = context;
  const target = getBucket(context);
  const key = keyOf(context);
  checkKey(key);
  const from = readSource(amzValue(request, "x-amz-copy-source") ?? "");
  const source = store.bucket(from.bucket);
  if (!source) throw new S3Error("NoSuchBucket", undefined, { BucketName: from.bucket });
  const original = getObject(source, from.key);
  const replaces = readDirective(amzValue(request, "x-amz-metadata-directive"));
  if (source === target && from.key === key && !replaces) {
    throw new S3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }

  checkWriteConditions(request, target.objects.get(key));
  const file = store.temporaryFile();
  // The bytes of an object are never changed in place, so both may share them.
  linkSync(store.dataPath(source, original), file);
  const { headers, metadata } = replaces ? readObjectHeaders(request) : original;
  const copy = store.putObject(target, { ...original, key, headers, metadata, lastModified: now.toISOString() }, file);
  return xmlResponse("CopyObjectResult", {
    LastModified: copy.lastModified,
    ETag: `"${copy.etag}"`,
    ...(copy.checksum && {
      [`Checksum${copy.checksum.algorithm}`]: copy.checksum.value,
      ChecksumType: copy.checksum.type,
    }),
  });
}

function readSource(header: string): { bucket: string; key: string } {
  const [path = "", query] = header.split("?");
  if (query !== undefined)
    throw new S3Error("NotImplemented", "The local S3 keeps no versions.", { Header: "x-amz-copy-source" });
  const source = decode(path).replace(/^\//, "");
  const slash = source.indexOf("/");
  if (slash < 1 || slash === source.length - 1) {
    throw new S3Error("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }
  return { bucket: source.slice(0, slash), key: source.slice(slash + 1) };
}

function readDirective(header: string | undefined): boolean {
  if (header === undefined || header === "COPY") return false;
  if (header === "REPLACE") return true;
  throw new S3Error("InvalidArgument", "Unknown metadata directive.");
}
