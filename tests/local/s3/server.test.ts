import { request } from "node:http";
import {
  CreateBucketCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { expect, test, vi } from "vitest";
import { startS3 } from "../../../local/s3/server";
import { bucket, credentials, region, startWorld } from "./world";

const mugs = { Bucket: bucket, Key: "mugs" };

test("a wrong secret, a wrong key id and a clock far off are refused", async () => {
  const { client } = await startWorld();
  const attempt = (config: Parameters<typeof client>[0]) => client(config).send(new ListBucketsCommand());

  await expect(attempt({ credentials: { ...credentials, secretAccessKey: "guess" } })).rejects.toMatchObject({
    name: "SignatureDoesNotMatch",
    $metadata: { httpStatusCode: 403 },
  });
  await expect(attempt({ credentials: { ...credentials, accessKeyId: "LOCALGUESS" } })).rejects.toMatchObject({
    name: "InvalidAccessKeyId",
  });
  await expect(attempt({ region: "us-east-1" })).rejects.toMatchObject({ name: "AuthorizationHeaderMalformed" });
  await expect(attempt({ systemClockOffset: 20 * 60_000 })).rejects.toMatchObject({ name: "RequestTimeTooSkewed" });
  await expect(attempt({ credentials: { ...credentials, sessionToken: "x" } })).rejects.toMatchObject({
    name: "InvalidToken",
  });
});

test("a body changed after it was signed is refused and not stored", async () => {
  const { client, s3 } = await startWorld();
  const tampering = client({ requestChecksumCalculation: "WHEN_REQUIRED" });
  tampering.middlewareStack.add(
    (next) => (args) => {
      Object.assign(args.request as object, { body: "gift" });
      return next(args);
    },
    { step: "deserialize" },
  );

  await expect(tampering.send(new PutObjectCommand({ ...mugs, Body: "mugs" }))).rejects.toMatchObject({
    name: "XAmzContentSHA256Mismatch",
  });
  expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
});

test("what is not supported is NotImplemented and changes nothing", async () => {
  const { s3 } = await startWorld();
  await s3.send(new PutObjectCommand({ ...mugs, Body: "mugs" }));
  const refused = { name: "NotImplemented", $metadata: { httpStatusCode: 501 } };

  await expect(
    s3.send(new PutObjectTaggingCommand({ ...mugs, Tagging: { TagSet: [{ Key: "a", Value: "b" }] } })),
  ).rejects.toMatchObject(refused);
  await expect(s3.send(new GetObjectAclCommand(mugs))).rejects.toMatchObject(refused);
  await expect(s3.send(new ListObjectsCommand({ Bucket: bucket }))).rejects.toMatchObject(refused);
  await expect(
    s3.send(new PutObjectCommand({ ...mugs, Body: "x", ServerSideEncryption: "AES256" })),
  ).rejects.toMatchObject(refused);
  await expect(s3.send(new GetObjectCommand({ ...mugs, VersionId: "1" }))).rejects.toMatchObject(refused);
  const got = await s3.send(new GetObjectCommand(mugs));
  expect(await got.Body?.transformToString()).toBe("mugs");
});

test("buckets are created, found and listed", async () => {
  const { s3 } = await startWorld();

  await s3.send(new CreateBucketCommand({ Bucket: "second-bucket" }));

  await s3.send(new HeadBucketCommand({ Bucket: "second-bucket" }));
  const { Buckets } = await s3.send(new ListBucketsCommand());
  expect(Buckets?.map(({ Name }) => Name)).toEqual(["second-bucket", bucket]);
  await expect(s3.send(new CreateBucketCommand({ Bucket: "second-bucket" }))).rejects.toMatchObject({
    name: "BucketAlreadyOwnedByYou",
  });
  await expect(s3.send(new CreateBucketCommand({ Bucket: "Not_A_Name" }))).rejects.toMatchObject({
    name: "InvalidBucketName",
  });
  await expect(s3.send(new HeadBucketCommand({ Bucket: "elsewhere" }))).rejects.toMatchObject({ name: "NotFound" });
});

test("it refuses to start in production or with a key that may be real", async () => {
  const options = { port: 0, stateDir: "/nonexistent", region, buckets: [], corsOrigins: [] };

  await expect(startS3({ ...options, accessKeyId: "AKIAREAL", secretAccessKey: "x" })).rejects.toThrow(
    /begins with LOCAL/,
  );
  vi.stubEnv("NODE_ENV", "production");
  try {
    await expect(startS3({ ...options, ...credentials })).rejects.toThrow(/NODE_ENV=production/);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a file named slow-down meets one 503, which the SDK's retry overcomes", async () => {
  const { s3, client } = await startWorld();
  const slow = { Bucket: bucket, Key: "slow-down.csv", Body: "a" };

  await expect(s3.send(new PutObjectCommand(slow))).rejects.toMatchObject({
    name: "SlowDown",
    $metadata: { httpStatusCode: 503 },
  });
  await s3.send(new PutObjectCommand(slow));
  const retrying = await client({ maxAttempts: 2 }).send(new PutObjectCommand({ ...slow, Key: "other-slow-down.csv" }));
  expect(retrying.$metadata.attempts).toBe(2);
});

test("drop-before closes the connection with nothing stored, drop-after with the object stored", async () => {
  const { s3 } = await startWorld();
  const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "a" }));

  await expect(put("drop-before.csv")).rejects.toThrow();
  await expect(put("drop-after.csv")).rejects.toThrow();

  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(Contents?.map(({ Key }) => Key)).toEqual(["drop-after.csv"]);
});

test("an answer to anything malformed is an S3 error document", async () => {
  const { server } = await startWorld();
  const ask = (path: string, method = "GET") =>
    new Promise<{ status: number | undefined; type: string | undefined }>((resolve, reject) => {
      const sent = request({ port: server.port, host: "127.0.0.1", path, method }, (response) => {
        response.resume();
        response.on("end", () => resolve({ status: response.statusCode, type: response.headers["content-type"] }));
      });
      sent.on("error", reject);
      sent.end();
    });

  expect(await ask("/shop/%ff")).toEqual({ status: 400, type: "application/xml" });
  expect(await ask("/../../etc/passwd")).toEqual({ status: 403, type: "application/xml" });
  expect(await ask("/shop/a?X-Amz-Signature=1")).toEqual({ status: 400, type: "application/xml" });
  expect(await ask("//", "DELETE")).toEqual({ status: 403, type: "application/xml" });
});
