import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { S3Error } from "./errors";

/** One request as S3 sees it: path style, with the path and the query taken from the wire, not normalised. */
export type S3Request = {
  method: string;
  /** The path as sent, still percent-encoded. `..` and `//` are ordinary characters of a key. */
  rawPath: string;
  bucket: string | undefined;
  key: string | undefined;
  /** Decoded query parameters in the order sent. */
  query: [name: string, value: string][];
  incoming: IncomingMessage;
  id: string;
};

/** Throws InvalidURI when an escape is not UTF-8. */
export function readRequest(incoming: IncomingMessage): S3Request {
  const target = incoming.url ?? "/";
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const slash = rawPath.indexOf("/", 1);
  const bucket = decode(slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash));
  const key = slash < 0 ? "" : decode(rawPath.slice(slash + 1));
  return {
    method: incoming.method ?? "GET",
    rawPath,
    bucket: bucket || undefined,
    key: key || undefined,
    query: mark < 0 ? [] : readQuery(target.slice(mark + 1)),
    incoming,
    id: randomBytes(8).toString("hex").toUpperCase(),
  };
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidURI");
  }
}

function readQuery(raw: string): [string, string][] {
  return raw
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      const name = equals < 0 ? part : part.slice(0, equals);
      const value = equals < 0 ? "" : part.slice(equals + 1);
      return [decode(name.replaceAll("+", " ")), decode(value.replaceAll("+", " "))];
    });
}

/** The value of a query parameter (its exact name), or undefined. */
export function queryValue(request: S3Request, name: string): string | undefined {
  return request.query.find(([found]) => found === name)?.[1];
}

/** A header as one string, or undefined. */
export function headerValue(request: S3Request, name: string): string | undefined {
  const value = request.incoming.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

/** An `x-amz-…` setting: the SDK's presigner moves these headers into the query. */
export function amzValue(request: S3Request, name: string): string | undefined {
  return headerValue(request, name) ?? request.query.find(([found]) => found.toLowerCase() === name)?.[1];
}
