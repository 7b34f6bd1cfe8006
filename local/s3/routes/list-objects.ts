import { type Context, getBucket } from "../context";
import { S3Error } from "../errors";
import { queryValue, type S3Request } from "../request";
import { encode } from "../signature";
import type { StoredObject } from "../store";
import { xmlResponse } from "../wire";

const pageMax = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(context: Context): Response {
  const { request } = context;
  const bucket = getBucket(context);
  const prefix = queryValue(request, "prefix") ?? "";
  const delimiter = queryValue(request, "delimiter") ?? "";
  const token = queryValue(request, "continuation-token");
  const startAfter = queryValue(request, "start-after");
  const maxKeys = readMaxKeys(queryValue(request, "max-keys"));
  const name = readEncoding(request);

  const after = token === undefined ? (startAfter ?? "") : readToken(token);
  const page = pageOf(sortedByKey(bucket.objects.values()), { prefix, delimiter, after, maxKeys });
  return xmlResponse("ListBucketResult", {
    Name: bucket.name,
    Prefix: name(prefix),
    Delimiter: delimiter === "" ? undefined : name(delimiter),
    MaxKeys: maxKeys,
    EncodingType: queryValue(request, "encoding-type"),
    KeyCount: page.objects.length + page.prefixes.length,
    IsTruncated: page.next !== undefined,
    ContinuationToken: token,
    NextContinuationToken: page.next === undefined ? undefined : writeToken(page.next),
    StartAfter: startAfter === undefined ? undefined : name(startAfter),
    Contents: page.objects.map((object) => ({
      Key: name(object.key),
      LastModified: object.lastModified,
      ETag: `"${object.etag}"`,
      ChecksumAlgorithm: object.checksum?.algorithm,
      ChecksumType: object.checksum?.type,
      Size: object.size,
      StorageClass: "STANDARD",
      Owner: queryValue(request, "fetch-owner") === "true" ? { ID: "local" } : undefined,
    })),
    CommonPrefixes: page.prefixes.map((common) => ({ Prefix: name(common) })),
  });
}

/** S3 lists keys by their UTF-8 bytes, which is not JavaScript's order of strings. */
export function sortedByKey(objects: Iterable<StoredObject>): StoredObject[] {
  return [...objects].sort((a, b) => compareBytes(a.key, b.key));
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

type Page = { objects: StoredObject[]; prefixes: string[]; next: string | undefined };

function pageOf(
  sorted: StoredObject[],
  { prefix, delimiter, after, maxKeys }: { prefix: string; delimiter: string; after: string; maxKeys: number },
): Page {
  const page: Page = { objects: [], prefixes: [], next: undefined };
  if (maxKeys === 0) return page;
  let last = after;
  for (const object of sorted) {
    if (!object.key.startsWith(prefix)) continue;
    const cut = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? undefined : object.key.slice(0, cut + delimiter.length);
    // A page that ended on a common prefix is resumed after everything beneath it.
    if (compareBytes(object.key, after) <= 0 || (common !== undefined && (common === after || common === last)))
      continue;
    if (page.objects.length + page.prefixes.length === maxKeys) {
      page.next = last;
      break;
    }
    if (common === undefined) page.objects.push(object);
    else page.prefixes.push(common);
    last = common ?? object.key;
  }
  return page;
}

function readMaxKeys(text: string | undefined): number {
  if (text === undefined) return pageMax;
  if (!/^\d{1,9}$/.test(text))
    throw new S3Error("InvalidArgument", "Provided max-keys not an integer or within integer range");
  return Math.min(Number(text), pageMax);
}

function readEncoding(request: S3Request): (text: string) => string {
  const type = queryValue(request, "encoding-type");
  if (type === undefined) return (text) => text;
  if (type !== "url") throw new S3Error("InvalidArgument", "Invalid Encoding Method specified in Request");
  return (text) => text.split("/").map(encode).join("/");
}

function writeToken(key: string): string {
  return Buffer.from(`1${key}`).toString("base64url");
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (!text.startsWith("1")) throw new S3Error("InvalidArgument", "The continuation token provided is incorrect");
  return text.slice(1);
}
