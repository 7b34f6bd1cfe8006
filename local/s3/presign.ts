import { type Credentials, deriveKey, encode, hmac, sha256Hex, timestampOf } from "./signature";

/** A URL on which a browser may GET the object for `expiresSeconds`, saved under its own name. */
export function presignDownload(
  host: string,
  { bucket, key }: { bucket: string; key: string },
  credentials: Credentials,
  { now, expiresSeconds }: { now: Date; expiresSeconds: number },
): string {
  const timestamp = timestampOf(now);
  const scope = `${timestamp.slice(0, 8)}/${credentials.region}/s3/aws4_request`;
  const filename = key.split("/").at(-1) ?? key;
  const parameters: [string, string][] = [
    ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
    ["X-Amz-Credential", `${credentials.accessKeyId}/${scope}`],
    ["X-Amz-Date", timestamp],
    ["X-Amz-Expires", String(expiresSeconds)],
    ["X-Amz-SignedHeaders", "host"],
    ["response-content-disposition", `attachment; filename*=UTF-8''${encode(filename)}`],
  ];
  const query = parameters.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  const path = `/${bucket}/${key}`.split("/").map(encode).join("/");
  const canonical = ["GET", path, query, `host:${host}\n`, "host", "UNSIGNED-PAYLOAD"].join("\n");
  const stringToSign = ["AWS4-HMAC-SHA256", timestamp, scope, sha256Hex(canonical)].join("\n");
  const signingKey = deriveKey(credentials.secretAccessKey, timestamp.slice(0, 8), credentials.region);
  return `http://${host}${path}?${query}&X-Amz-Signature=${hmac(signingKey, stringToSign).toString("hex")}`;
}
