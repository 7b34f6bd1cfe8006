import { type Context, getBucket } from "../context";
import { S3Error } from "../errors";
import { receiveText } from "../receive-body";
import { headerValue } from "../request";
import { xmlResponse } from "../wire";
import { childText, readXml } from "../xml-reader";

const keysMax = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects(context: Context): Promise<Response> {
  const { request, store } = context;
  const bucket = getBucket(context);
  const names = Object.keys(request.incoming.headers);
  if (headerValue(request, "content-md5") === undefined && !names.some((name) => name.startsWith("x-amz-checksum-"))) {
    throw new S3Error("InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
  }
  const root = readXml(await receiveText(request, context.verified));
  if (root.name !== "Delete") throw new S3Error("MalformedXML");
  const entries = root.children.filter(({ name }) => name === "Object");
  if (entries.length === 0 || entries.length > keysMax) throw new S3Error("MalformedXML");
  const keys = entries.map((entry) => {
    const unsupported = entry.children.find(({ name }) => name !== "Key");
    if (unsupported) throw new S3Error("NotImplemented", `The local S3 does not delete by ${unsupported.name}.`);
    const key = childText(entry, "Key");
    if (!key) throw new S3Error("MalformedXML");
    return key;
  });

  for (const key of keys) store.deleteObject(bucket, key);
  const quiet = childText(root, "Quiet") === "true";
  return xmlResponse("DeleteResult", { Deleted: quiet ? [] : keys.map((key) => ({ Key: key })) });
}
