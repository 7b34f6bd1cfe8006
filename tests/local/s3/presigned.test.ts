import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { bucket, startWorld } from "./world";

const report = { Bucket: bucket, Key: "reports/daily report.pdf" };

/** As the documentation of the SDK advises for uploads whose body is not known when the URL is made. */
const forUploads = { requestChecksumCalculation: "WHEN_REQUIRED" } as const;

async function startWithReport() {
  const world = await startWorld();
  await world.s3.send(new PutObjectCommand({ ...report, Body: "%PDF", ContentType: "application/pdf" }));
  return world;
}

async function codeOf(response: Response) {
  return /<Code>(.*)<\/Code>/.exec(await response.text())?.[1];
}

test("a presigned URL opens the object without credentials, with the headers it asks for", async () => {
  const { s3 } = await startWithReport();
  const ResponseContentDisposition = 'inline; filename="daily.pdf"';

  const url = await getSignedUrl(s3, new GetObjectCommand({ ...report, ResponseContentDisposition }), {
    expiresIn: 60,
  });
  const response = await fetch(url);

  expect(response.status).toBe(200);
  expect(await response.text()).toBe("%PDF");
  expect(response.headers.get("content-type")).toBe("application/pdf");
  expect(response.headers.get("content-disposition")).toBe(ResponseContentDisposition);
});

test.each([
  ["another key", (url: string) => url.replace("daily", "yearly"), "SignatureDoesNotMatch"],
  ["a longer life", (url: string) => url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"), "SignatureDoesNotMatch"],
  ["another parameter", (url: string) => `${url}&response-content-type=text%2Fhtml`, "SignatureDoesNotMatch"],
  ["another signature", (url: string) => url.replace(/(X-Amz-Signature=)./, "$1g"), "SignatureDoesNotMatch"],
  ["another access key", (url: string) => url.replace("LOCALTESTKEY", "LOCALOTHER"), "InvalidAccessKeyId"],
  ["another region", (url: string) => url.replace("eu-central-1", "us-east-1"), "AuthorizationQueryParametersError"],
  ["no signature at all", (url: string) => url.replace(/\?.*/, ""), "AccessDenied"],
])("a URL changed to have %s is refused", async (_, change, code) => {
  const { s3 } = await startWithReport();
  const url = await getSignedUrl(s3, new GetObjectCommand(report), { expiresIn: 60 });

  const response = await fetch(change(url));

  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(await codeOf(response)).toBe(code);
});

test("a URL made for reading does not write, nor delete", async () => {
  const { s3 } = await startWithReport();
  const url = await getSignedUrl(s3, new GetObjectCommand(report), { expiresIn: 60 });

  expect(await codeOf(await fetch(url, { method: "PUT", body: "forged" }))).toBe("SignatureDoesNotMatch");
  expect(await codeOf(await fetch(url, { method: "DELETE" }))).toBe("SignatureDoesNotMatch");
});

test("a URL is refused once it has expired, and before it is valid", async () => {
  const { s3 } = await startWithReport();
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const sign = (signingDate: Date) => getSignedUrl(s3, new GetObjectCommand(report), { expiresIn: 60, signingDate });

  const expired = await fetch(await sign(minutesAgo(2)));
  const early = await fetch(await sign(minutesAgo(-20)));

  expect(expired.status).toBe(403);
  expect(await expired.text()).toContain("Request has expired");
  expect(await early.text()).toContain("Request is not yet valid");
});

test("a URL for more than seven days is refused", async () => {
  const { s3 } = await startWithReport();
  const url = await getSignedUrl(s3, new GetObjectCommand(report), { expiresIn: 60 });

  const response = await fetch(url.replace("X-Amz-Expires=60", "X-Amz-Expires=604801"));

  expect(await codeOf(response)).toBe("AuthorizationQueryParametersError");
});

test("a page uploads by presigned PUT, and the preflight admits its origin only", async () => {
  const { client, s3 } = await startWorld();
  const key = { Bucket: bucket, Key: "imports/catalog.csv" };
  const url = await getSignedUrl(client(forUploads), new PutObjectCommand({ ...key, ContentType: "text/csv" }), {
    expiresIn: 60,
  });
  const preflight = (origin: string) =>
    fetch(url, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "PUT", "access-control-request-headers": "content-type" },
    });

  const allowed = await preflight("http://localhost:3000");
  const foreign = await preflight("http://evil.example");
  const put = await fetch(url, {
    method: "PUT",
    body: "a,b\n",
    headers: { origin: "http://localhost:3000", "content-type": "text/csv" },
  });

  expect(allowed.status).toBe(200);
  expect(allowed.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
  expect(allowed.headers.get("access-control-allow-headers")).toBe("content-type");
  expect(foreign.status).toBe(403);
  expect(put.status).toBe(200);
  expect(put.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
  const stored = await s3.send(new GetObjectCommand(key));
  expect(stored.ContentType).toBe("text/csv");
  expect(await stored.Body?.transformToString()).toBe("a,b\n");
});

test("a checksum of an empty body in a presigned URL refuses any other body, and says how to sign", async () => {
  const { s3 } = await startWorld();
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: bucket, Key: "imports/catalog.csv" }), {
    expiresIn: 60,
  });

  const response = await fetch(url, { method: "PUT", body: "a,b\n" });

  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(/BadDigest.*WHEN_REQUIRED/);
});

test("an x-amz header that the URL did not sign is refused", async () => {
  const { s3 } = await startWithReport();
  const url = await getSignedUrl(s3, new GetObjectCommand(report), { expiresIn: 60 });

  const response = await fetch(url, { headers: { "x-amz-meta-extra": "1" } });

  expect(await response.text()).toContain("<HeadersNotSigned>x-amz-meta-extra</HeadersNotSigned>");
});
