import { S3Error } from "./errors";
import { contentEncodings } from "./receive-body";
import { headerValue, queryValue, type S3Request } from "./request";
import type { StoredObject } from "./store";

const representation = ["cache-control", "content-disposition", "content-language", "expires"];
const metadataPrefix = "x-amz-meta-";
const metadataMaxBytes = 2048;

/** What a request says about the object it uploads: headers to give back, and the user's metadata. */
export function readObjectHeaders(request: S3Request): Pick<StoredObject, "headers" | "metadata"> {
  const headers: Record<string, string> = {
    "content-type": plainHeader("content-type", headerValue(request, "content-type") ?? "binary/octet-stream"),
  };
  for (const name of representation) {
    const value = headerValue(request, name);
    if (value !== undefined) headers[name] = plainHeader(name, value);
  }
  const encodings = contentEncodings(request).filter((name) => name !== "aws-chunked");
  if (encodings.length > 0) headers["content-encoding"] = encodings.join(",");

  const metadata: Record<string, string> = {};
  // The presigner moves metadata into the query.
  for (const [name, value] of request.query) keepMetadata(metadata, name.toLowerCase(), value);
  for (const name of Object.keys(request.incoming.headers)) {
    // Node reads the bytes of a header as latin1; they are UTF-8.
    keepMetadata(metadata, name, Buffer.from(headerValue(request, name) ?? "", "latin1").toString("utf8"));
  }
  const bytes = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > metadataMaxBytes) {
    throw new S3Error("MetadataTooLarge", undefined, { Size: String(bytes), MaxSizeAllowed: String(metadataMaxBytes) });
  }
  return { headers, metadata };
}

function keepMetadata(metadata: Record<string, string>, name: string, value: string) {
  if (name.startsWith(metadataPrefix)) metadata[name.slice(metadataPrefix.length)] = value;
}

/** The headers of an answer that describes this object; `response-…` parameters override the stored ones. */
export function describeObject(object: StoredObject, request: S3Request): Record<string, string> {
  const overridden: Record<string, string> = {};
  for (const name of ["content-type", "content-encoding", ...representation]) {
    const value = queryValue(request, `response-${name}`);
    if (value !== undefined) overridden[name] = plainHeader(`response-${name}`, value);
  }
  const metadata = Object.entries(object.metadata).map(([name, value]) => [
    metadataPrefix + name,
    metadataHeader(value),
  ]);
  return {
    ...object.headers,
    ...overridden,
    ...Object.fromEntries(metadata),
    ...validators(object),
    "accept-ranges": "bytes",
  };
}

function validators(object: StoredObject): Record<string, string> {
  return { etag: `"${object.etag}"`, "last-modified": new Date(object.lastModified).toUTCString() };
}

/**
 * S3 refuses what a header cannot carry in ISO-8859-1. We refuse all that is not ASCII, because Node writes
 * the rest in one encoding or another; a file name in other letters goes into `filename*=UTF-8''…`.
 */
function plainHeader(name: string, value: string): string {
  if (/^[\u0020-\u007e]*$/.test(value)) return value;
  const message = "Header value cannot be represented using ISO-8859-1. (The local S3 takes ASCII only.)";
  throw new S3Error("InvalidArgument", message, { ArgumentName: name, ArgumentValue: value });
}

/** Metadata in other letters comes back as an RFC 2047 word, as S3 does it. */
function metadataHeader(value: string): string {
  if (/^[\u0020-\u007e]*$/.test(value)) return value;
  return `=?UTF-8?B?${Buffer.from(value, "utf8").toString("base64")}?=`;
}
