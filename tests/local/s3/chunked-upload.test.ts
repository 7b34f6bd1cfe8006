import { createHash, createHmac } from "node:crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { bucket, credentials, region, startWorld } from "./world";

/**
 * The JavaScript SDK never signs its chunks, other clients do. So these requests are signed here, by S3's
 * description: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function signChunked(url: string, key: string, chunks: string[], trailer?: [name: string, value: string]) {
  const { host } = new URL(url);
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = timestamp.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const payload = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? "-TRAILER" : ""}`;
  const headers: Record<string, string> = {
    "content-encoding": "aws-chunked",
    host,
    "x-amz-content-sha256": payload,
    "x-amz-date": timestamp,
    "x-amz-decoded-content-length": String(chunks.join("").length),
    ...(trailer && { "x-amz-trailer": trailer[0] }),
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = ["PUT", `/${bucket}/${key}`, "", lines, names.join(";"), payload].join("\n");
  const signingKey = ["aws4_request", "s3", region, day].reduceRight<Buffer | string>(
    (parent, part) => hmac(parent, part),
    `AWS4${credentials.secretAccessKey}`,
  ) as Buffer;
  const sign = (...parts: string[]) => hmac(signingKey, parts.join("\n")).toString("hex");

  let signature = sign("AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical));
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  let body = "";
  for (const chunk of [...chunks, ""]) {
    signature = sign("AWS4-HMAC-SHA256-PAYLOAD", timestamp, scope, signature, sha256(""), sha256(chunk));
    body += `${chunk.length.toString(16)};chunk-signature=${signature}\r\n${chunk}${chunk === "" ? "" : "\r\n"}`;
  }
  if (trailer) {
    const line = `${trailer[0]}:${trailer[1]}`;
    signature = sign("AWS4-HMAC-SHA256-TRAILER", timestamp, scope, signature, sha256(`${line}\n`));
    body += `${line}\r\nx-amz-trailer-signature:${signature}\r\n`;
  }
  return { headers: { ...headers, authorization }, body: `${body}\r\n` };
}

const text = ["first chunk, ", "second chunk"];
const sha256Trailer: [string, string] = [
  "x-amz-checksum-sha256",
  createHash("sha256").update(text.join("")).digest("base64"),
];

test.each([
  ["without a trailer", undefined],
  ["with a signed trailer", sha256Trailer],
])("signed chunks %s are stored without their framing", async (_, trailer) => {
  const { server, s3 } = await startWorld();
  const { headers, body } = signChunked(server.url, "chunked", text, trailer);

  const put = await fetch(`${server.url}/${bucket}/chunked`, { method: "PUT", headers, body });

  expect(put.status).toBe(200);
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "chunked" }));
  expect(await got.Body?.transformToString()).toBe(text.join(""));
  expect(got.ContentEncoding).toBeUndefined();
});

test.each([
  ["a changed chunk", (body: string) => body.replace("second", "SECOND"), "SignatureDoesNotMatch"],
  [
    "a changed trailer",
    (body: string) => body.replace(sha256Trailer[1], `${"A".repeat(43)}=`),
    "SignatureDoesNotMatch",
  ],
  [
    "a trailer without its signature",
    (body: string) => body.replace(/x-amz-trailer-signature:.*\r\n/, ""),
    "SignatureDoesNotMatch",
  ],
  ["a missing end", (body: string) => body.slice(0, body.indexOf("second")), "IncompleteBody"],
  [
    "a chunk without a signature",
    (body: string) => body.replace(/;chunk-signature=[0-9a-f]{64}/, ""),
    "InvalidRequest",
  ],
])("signed chunks with %s are refused and not stored", async (_, change, code) => {
  const { server, s3 } = await startWorld();
  const { headers, body } = signChunked(server.url, "chunked", text, sha256Trailer);

  const put = await fetch(`${server.url}/${bucket}/chunked`, { method: "PUT", headers, body: change(body) });

  expect(/<Code>(.*)<\/Code>/.exec(await put.text())?.[1]).toBe(code);
  await expect(s3.send(new GetObjectCommand({ Bucket: bucket, Key: "chunked" }))).rejects.toMatchObject({
    name: "NoSuchKey",
  });
});
