import { S3Error } from "./errors";
import { headerValue, type S3Request } from "./request";
import type { StoredObject } from "./store";

/**
 * Conditional reads (RFC 9110, section 13.2.2): throws PreconditionFailed, or NotModified, which is
 * answered as 304.
 */
export function checkReadConditions(request: S3Request, object: StoredObject) {
  const ifMatch = headerValue(request, "if-match");
  const ifNoneMatch = headerValue(request, "if-none-match");
  const unmodifiedSince = dateOf(headerValue(request, "if-unmodified-since"));
  const modifiedSince = dateOf(headerValue(request, "if-modified-since"));
  const modified = Math.floor(Date.parse(object.lastModified) / 1000) * 1000;

  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) throw failed("If-Match");
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) throw failed("If-Unmodified-Since");

  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, object.etag)) throw new S3Error("NotModified");
  } else if (modifiedSince !== undefined && modified <= modifiedSince) throw new S3Error("NotModified");
}

/**
 * Conditional writes: `If-None-Match: *` (only if there is none) and `If-Match` (only over that version).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWriteConditions(request: S3Request, current: StoredObject | undefined) {
  const ifNoneMatch = headerValue(request, "if-none-match");
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== "*") throw new S3Error("NotImplemented", undefined, { Header: "If-None-Match" });
    if (current) throw failed("If-None-Match");
  }
  const ifMatch = headerValue(request, "if-match");
  if (ifMatch === undefined) return;
  if (!current) throw new S3Error("NoSuchKey");
  if (!matches(ifMatch, current.etag)) throw failed("If-Match");
}

function matches(header: string, etag: string): boolean {
  return header.split(",").some((part) => {
    const tag = part.trim();
    return tag === "*" || tag.replace(/^W\//, "").replaceAll('"', "") === etag;
  });
}

function dateOf(header: string | undefined): number | undefined {
  const time = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : time;
}

function failed(condition: string) {
  return new S3Error("PreconditionFailed", undefined, { Condition: condition });
}
