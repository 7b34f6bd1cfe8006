import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { S3Error } from "./errors";
import { decode, headerValue, queryValue, type S3Request } from "./request";

export type Credentials = { accessKeyId: string; secretAccessKey: string; region: string };

/** What the body reader needs of a verified request, to check signed chunks. */
export type Verified = { payload: string; signature: string; signingKey: Buffer; timestamp: string; scope: string };

const skewMaxMs = 15 * 60 * 1000;
const expiresMaxSeconds = 7 * 24 * 3600;

/**
 * Verifies Signature Version 4 in the Authorization header or in the query (a presigned URL), or throws
 * the error S3 documents. The body is not read: `payload` says what its reader must hold it to.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export function verifySignature(request: S3Request, credentials: Credentials, now: Date): Verified {
  const claim = readClaim(request);
  const [accessKeyId, day, region, service, terminator, ...rest] = claim.credential.split("/");
  if (service !== "s3" || terminator !== "aws4_request" || rest.length > 0 || day !== claim.timestamp.slice(0, 8)) {
    throw new S3Error(claim.malformed, "The credential is not of the form key/date/region/s3/aws4_request.");
  }
  if (accessKeyId !== credentials.accessKeyId) {
    throw new S3Error("InvalidAccessKeyId", undefined, { AWSAccessKeyId: accessKeyId ?? "" });
  }
  if (region !== credentials.region) {
    const message = `The region '${region}' is wrong; expecting '${credentials.region}'`;
    throw new S3Error(claim.malformed, message, { Region: credentials.region });
  }
  checkTime(claim, now);
  checkSignedHeaders(request, claim.signedHeaders);

  const scope = `${day}/${region}/s3/aws4_request`;
  const canonical = canonicalRequest(request, claim);
  const stringToSign = ["AWS4-HMAC-SHA256", claim.timestamp, scope, sha256Hex(Buffer.from(canonical, "latin1"))].join(
    "\n",
  );
  const signingKey = deriveKey(credentials.secretAccessKey, day, region);
  if (!sameText(hmac(signingKey, stringToSign).toString("hex"), claim.signature)) {
    throw new S3Error("SignatureDoesNotMatch", undefined, {
      AWSAccessKeyId: accessKeyId,
      StringToSign: stringToSign,
      SignatureProvided: claim.signature,
      CanonicalRequest: Buffer.from(canonical, "latin1").toString("utf8"),
    });
  }
  return { payload: claim.payload, signature: claim.signature, signingKey, timestamp: claim.timestamp, scope };
}

type Claim = {
  credential: string;
  signedHeaders: string[];
  signature: string;
  timestamp: string;
  payload: string;
  /** Seconds a presigned URL is good for; undefined for the header form. */
  expiresSeconds: number | undefined;
  malformed: "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError";
};

function readClaim(request: S3Request): Claim {
  const header = headerValue(request, "authorization");
  const inQuery = queryValue(request, "X-Amz-Algorithm") ?? queryValue(request, "X-Amz-Signature");
  if (header !== undefined && inQuery !== undefined) {
    throw new S3Error(
      "InvalidArgument",
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the Authorization header should be specified",
    );
  }
  if (headerValue(request, "x-amz-security-token") ?? queryValue(request, "X-Amz-Security-Token")) {
    throw new S3Error("InvalidToken");
  }
  if (header !== undefined) return readHeaderClaim(request, header);
  if (inQuery !== undefined) return readQueryClaim(request);
  throw new S3Error("AccessDenied");
}

function readHeaderClaim(request: S3Request, header: string): Claim {
  const malformed = "AuthorizationHeaderMalformed";
  const match = /^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(
    header,
  );
  if (!match) {
    const code = header.startsWith("AWS4-HMAC-SHA256") ? malformed : "InvalidRequest";
    throw new S3Error(
      code,
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    );
  }
  const [, credential = "", signedHeaders = "", signature = ""] = match;
  const timestamp = headerValue(request, "x-amz-date") ?? "";
  if (!parseTimestamp(timestamp)) {
    throw new S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  }
  const payload = headerValue(request, "x-amz-content-sha256");
  if (payload === undefined)
    throw new S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  return {
    credential,
    signedHeaders: signedHeaders.split(";"),
    signature,
    timestamp,
    payload,
    expiresSeconds: undefined,
    malformed,
  };
}

function readQueryClaim(request: S3Request): Claim {
  const malformed = "AuthorizationQueryParametersError";
  const need = (name: string) => {
    const value = queryValue(request, name);
    if (value) return value;
    throw new S3Error(
      malformed,
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  };
  if (need("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256")
    throw new S3Error(malformed, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const timestamp = need("X-Amz-Date");
  if (!parseTimestamp(timestamp))
    throw new S3Error(malformed, "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const expires = need("X-Amz-Expires");
  if (!/^\d+$/.test(expires)) throw new S3Error(malformed, "X-Amz-Expires should be a number");
  if (Number(expires) > expiresMaxSeconds)
    throw new S3Error(
      malformed,
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  return {
    credential: need("X-Amz-Credential"),
    signedHeaders: need("X-Amz-SignedHeaders").split(";"),
    signature: need("X-Amz-Signature"),
    timestamp,
    payload:
      queryValue(request, "X-Amz-Content-Sha256") ?? headerValue(request, "x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD",
    expiresSeconds: Number(expires),
    malformed,
  };
}

function checkTime(claim: Claim, now: Date) {
  const signedAt = parseTimestamp(claim.timestamp) ?? now;
  const serverTime = now.toISOString();
  if (claim.expiresSeconds === undefined) {
    if (Math.abs(now.getTime() - signedAt.getTime()) <= skewMaxMs) return;
    throw new S3Error("RequestTimeTooSkewed", undefined, {
      RequestTime: claim.timestamp,
      ServerTime: serverTime,
      MaxAllowedSkewMilliseconds: String(skewMaxMs),
    });
  }
  if (signedAt.getTime() - now.getTime() > skewMaxMs) throw new S3Error("AccessDenied", "Request is not yet valid");
  const expiresAt = new Date(signedAt.getTime() + claim.expiresSeconds * 1000);
  if (now > expiresAt) {
    throw new S3Error("AccessDenied", "Request has expired", {
      "X-Amz-Expires": String(claim.expiresSeconds),
      Expires: expiresAt.toISOString(),
      ServerTime: serverTime,
    });
  }
}

/** `host` and every `x-amz-…` header that is sent must be covered by the signature. */
function checkSignedHeaders(request: S3Request, signed: string[]) {
  const unsigned = Object.keys(request.incoming.headers).filter(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !signed.includes(name),
  );
  if (unsigned.length === 0) return;
  throw new S3Error("AccessDenied", "There were headers present in the request which were not signed", {
    HeadersNotSigned: unsigned.join(", "),
  });
}

function canonicalRequest(request: S3Request, claim: Claim): string {
  const query = request.query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  // Node gives header bytes as latin1; hashing the whole text as latin1 hashes the bytes that were sent.
  const headers = claim.signedHeaders
    .map((name) => `${name}:${(headerValue(request, name) ?? "").trim().replace(/ +/g, " ")}\n`)
    .join("");
  const path = decode(request.rawPath).split("/").map(encode).join("/");
  return [request.method, path, query, headers, claim.signedHeaders.join(";"), claim.payload].join("\n");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Percent-encoding as AWS defines it: everything but letters, digits and `-._~`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function deriveKey(secretAccessKey: string, day: string, region: string): Buffer {
  const dayKey = hmac(`AWS4${secretAccessKey}`, day);
  return hmac(hmac(hmac(dayKey, region), "s3"), "aws4_request");
}

export function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

export function sha256Hex(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

export function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** `20260131T235959Z` of a date. */
export function timestampOf(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function parseTimestamp(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
