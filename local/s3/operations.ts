import type { Context } from "./context";
import { S3Error } from "./errors";
import { amzValue, type S3Request } from "./request";
import { createBucket, headBucket, listBuckets } from "./routes/buckets";
import { copyObject } from "./routes/copy-object";
import { deleteObjects } from "./routes/delete-objects";
import { listObjects } from "./routes/list-objects";
import { abortUpload, completeUpload, createUpload, listParts, uploadPart } from "./routes/multipart";
import { deleteObject, putObject, readObject } from "./routes/objects";

type Operation = {
  on: "service" | "bucket" | "object";
  method: string;
  /** Query parameters that select this operation, with their value where it matters. */
  marks?: string[];
  /** A header that selects it. */
  header?: string;
  /** Further query parameters and `x-amz-…` headers it understands. */
  query?: string[];
  headers?: string[];
  run: (context: Context) => Response | Promise<Response>;
};

const overrides = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
];
const reading = { query: overrides.map((name) => `response-${name}`), headers: ["x-amz-checksum-mode"] };
const listing = [
  "prefix",
  "delimiter",
  "max-keys",
  "continuation-token",
  "start-after",
  "fetch-owner",
  "encoding-type",
];

/** Every operation this server has; the first that fits is taken, so the more particular come first. */
const operations: Operation[] = [
  { on: "service", method: "GET", run: listBuckets },
  { on: "bucket", method: "GET", marks: ["list-type=2"], query: listing, run: listObjects },
  { on: "bucket", method: "POST", marks: ["delete"], run: deleteObjects },
  { on: "bucket", method: "PUT", run: createBucket },
  { on: "bucket", method: "HEAD", run: headBucket },
  {
    on: "object",
    method: "POST",
    marks: ["uploads"],
    headers: ["x-amz-checksum-algorithm"],
    run: createUpload,
  },
  { on: "object", method: "PUT", marks: ["uploadId", "partNumber"], run: uploadPart },
  {
    on: "object",
    method: "GET",
    marks: ["uploadId"],
    query: ["max-parts", "part-number-marker"],
    run: listParts,
  },
  { on: "object", method: "POST", marks: ["uploadId"], run: completeUpload },
  { on: "object", method: "DELETE", marks: ["uploadId"], run: abortUpload },
  {
    on: "object",
    method: "PUT",
    header: "x-amz-copy-source",
    headers: ["x-amz-copy-source", "x-amz-metadata-directive"],
    run: copyObject,
  },
  { on: "object", method: "PUT", run: putObject },
  { on: "object", method: "GET", ...reading, run: readObject },
  { on: "object", method: "HEAD", ...reading, run: readObject },
  { on: "object", method: "DELETE", run: deleteObject },
];

/** Understood everywhere. The last two only with the value that means "as usual". */
const commonHeaders =
  /^x-amz-(date|content-sha256|algorithm|credential|signedheaders|signature|expires|user-agent|decoded-content-length|trailer|sdk-checksum-algorithm|meta-.+|checksum-(crc32|crc32c|crc64nvme|sha1|sha256))$/;
const usual = new Map([
  ["x-amz-acl", "private"],
  ["x-amz-storage-class", "STANDARD"],
]);

/**
 * The operation a request asks for. A parameter or `x-amz-…` header it does not understand makes the whole
 * request NotImplemented: doing the rest would be a pretended success.
 */
export function findOperation(request: S3Request): Operation["run"] {
  const on = request.bucket === undefined ? "service" : request.key === undefined ? "bucket" : "object";
  const found = operations.find(
    (operation) =>
      operation.on === on &&
      operation.method === request.method &&
      (operation.marks ?? []).every((mark) => isMarked(request, mark)) &&
      (operation.header === undefined || amzValue(request, operation.header) !== undefined),
  );
  if (!found) throw new S3Error("NotImplemented", `The local S3 does not have ${request.method} on a ${on}.`);

  const marks = (found.marks ?? []).map((mark) => mark.split("=")[0]);
  const queryNames = request.query.map(([name]) => name);
  const parameter = queryNames.find(
    (name) => name !== "x-id" && !/^x-amz-/i.test(name) && !marks.includes(name) && !found.query?.includes(name),
  );
  if (parameter !== undefined) throw notImplemented("parameter", parameter);

  const headers = [...queryNames, ...Object.keys(request.incoming.headers)].map((name) => name.toLowerCase());
  const header = headers.find(
    (name) =>
      name.startsWith("x-amz-") &&
      !commonHeaders.test(name) &&
      !found.headers?.includes(name) &&
      usual.get(name) !== amzValue(request, name),
  );
  if (header !== undefined) throw notImplemented("header", header);
  return found.run;
}

function isMarked(request: S3Request, mark: string): boolean {
  const [name, value] = mark.split("=");
  return request.query.some(([found, given]) => found === name && (value === undefined || value === given));
}

function notImplemented(kind: "parameter" | "header", name: string) {
  return new S3Error("NotImplemented", `The local S3 does not understand the ${kind} ${name} here.`, {
    [kind === "header" ? "Header" : "Parameter"]: name,
  });
}
