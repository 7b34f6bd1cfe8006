import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { bucket, startWorld } from "./world";

const mugs = { Bucket: bucket, Key: "notes/mugs.txt" };

async function textOf(s3: S3Client, key: string) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Body?.transformToString();
}

test("what is put is what comes back, with its type, metadata and etag", async () => {
  const { s3 } = await startWorld();

  const put = await s3.send(
    new PutObjectCommand({
      ...mugs,
      Body: "mugs",
      ContentType: "text/csv",
      CacheControl: "no-store",
      Metadata: { by: "ada" },
    }),
  );
  const got = await s3.send(new GetObjectCommand(mugs));
  const head = await s3.send(new HeadObjectCommand(mugs));

  expect(put.ETag).toBe(`"${createHash("md5").update("mugs").digest("hex")}"`);
  expect(await got.Body?.transformToString()).toBe("mugs");
  const described = {
    ContentType: "text/csv",
    CacheControl: "no-store",
    ContentLength: 4,
    Metadata: { by: "ada" },
    ETag: put.ETag,
  };
  expect(got).toMatchObject({ ...described, ChecksumCRC32: put.ChecksumCRC32 });
  expect(head).toMatchObject(described);
});

test("a file streamed up in chunks comes down byte for byte", async () => {
  const { s3 } = await startWorld();
  const dir = await mkdtemp(join(tmpdir(), "local-s3-source-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const bytes = randomBytes(6 * 1024 * 1024 + 7);
  await writeFile(join(dir, "catalog.bin"), bytes);

  await s3.send(
    new PutObjectCommand({ ...mugs, Body: createReadStream(join(dir, "catalog.bin")), ContentLength: bytes.length }),
  );
  const got = await s3.send(new GetObjectCommand(mugs));

  expect(got.ContentEncoding).toBeUndefined();
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
});

test("metadata in other letters comes back as S3 encodes it", async () => {
  const { s3 } = await startWorld();

  await s3.send(new PutObjectCommand({ ...mugs, Body: "mugs", Metadata: { by: "Zoë" } }));

  const { Metadata } = await s3.send(new HeadObjectCommand(mugs));
  expect(Metadata?.by).toBe(`=?UTF-8?B?${Buffer.from("Zoë").toString("base64")}?=`);
});

test("a missing key and a missing bucket are refused under S3's names", async () => {
  const { s3 } = await startWorld();

  await expect(s3.send(new GetObjectCommand(mugs))).rejects.toMatchObject({
    name: "NoSuchKey",
    $metadata: { httpStatusCode: 404 },
  });
  await expect(s3.send(new HeadObjectCommand(mugs))).rejects.toMatchObject({ name: "NotFound" });
  await expect(s3.send(new GetObjectCommand({ Bucket: "elsewhere", Key: "a" }))).rejects.toMatchObject({
    name: "NoSuchBucket",
  });
});

test.each([
  ["bytes=0-3", "0123", "bytes 0-3/10"],
  ["bytes=7-", "789", "bytes 7-9/10"],
  ["bytes=-2", "89", "bytes 8-9/10"],
  ["bytes=8-99", "89", "bytes 8-9/10"],
])("range %s gives its bytes", async (Range, text, ContentRange) => {
  const { s3 } = await startWorld();
  await s3.send(new PutObjectCommand({ ...mugs, Body: "0123456789" }));

  const got = await s3.send(new GetObjectCommand({ ...mugs, Range }));

  expect(await got.Body?.transformToString()).toBe(text);
  expect(got).toMatchObject({ ContentRange, ContentLength: text.length, $metadata: { httpStatusCode: 206 } });
});

test("a range outside the object is InvalidRange", async () => {
  const { s3 } = await startWorld();
  await s3.send(new PutObjectCommand({ ...mugs, Body: "0123456789" }));

  await expect(s3.send(new GetObjectCommand({ ...mugs, Range: "bytes=10-" }))).rejects.toMatchObject({
    name: "InvalidRange",
  });
});

test("conditional reads answer 304 and 412", async () => {
  const { s3 } = await startWorld();
  const { ETag } = await s3.send(new PutObjectCommand({ ...mugs, Body: "mugs" }));

  await expect(s3.send(new GetObjectCommand({ ...mugs, IfNoneMatch: ETag }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  });
  await expect(s3.send(new GetObjectCommand({ ...mugs, IfMatch: '"other"' }))).rejects.toMatchObject({
    name: "PreconditionFailed",
  });
  const got = await s3.send(new GetObjectCommand({ ...mugs, IfMatch: ETag }));
  expect(await got.Body?.transformToString()).toBe("mugs");
});

test("of many uploads that all ask for none to exist, exactly one is stored", async () => {
  const { s3 } = await startWorld();

  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) =>
      s3.send(new PutObjectCommand({ ...mugs, Body: `writer ${index}`, IfNoneMatch: "*" })),
    ),
  );

  const winners = results.flatMap(({ status }, index) => (status === "fulfilled" ? [index] : []));
  const names = results.flatMap((result) => (result.status === "rejected" ? [result.reason.name] : []));
  expect(winners).toHaveLength(1);
  expect(new Set(names)).toEqual(new Set(["PreconditionFailed"]));
  expect(await textOf(s3, mugs.Key)).toBe(`writer ${winners[0]}`);
});

test("a write over another version than the one named is refused", async () => {
  const { s3 } = await startWorld();
  const first = await s3.send(new PutObjectCommand({ ...mugs, Body: "one" }));
  await s3.send(new PutObjectCommand({ ...mugs, Body: "two", IfMatch: first.ETag }));

  await expect(s3.send(new PutObjectCommand({ ...mugs, Body: "three", IfMatch: first.ETag }))).rejects.toMatchObject({
    name: "PreconditionFailed",
  });
  expect(await textOf(s3, mugs.Key)).toBe("two");
});

test.each([
  "../../../../etc/passwd",
  "a/../../b",
  "..",
  "spaces and + plus & amp",
  "a%2Fb",
  "Ünïcode/☕ 日本/😀",
  "trailing/",
  "quo'te\"s(1)*!.txt",
  `${"long/".repeat(204)}name`,
])("the key %j is kept as it is and stays inside the state folder", async (key) => {
  const outside = await mkdtemp(join(tmpdir(), "local-s3-outside-"));
  onTestFinished(() => rm(outside, { recursive: true }));
  const { s3 } = await startWorld({ stateDir: join(outside, "state") });

  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: key }));
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));

  expect(await textOf(s3, key)).toBe(key);
  expect(Contents?.map(({ Key }) => Key)).toEqual([key]);
  expect(await readdir(outside)).toEqual(["state"]);
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  await expect(textOf(s3, key)).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("a key over 1024 bytes is refused", async () => {
  const { s3 } = await startWorld();

  await expect(
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: "é".repeat(513), Body: "a" })),
  ).rejects.toMatchObject({
    name: "KeyTooLongError",
  });
});

test("a copy keeps bytes and metadata, or takes new metadata when told to", async () => {
  const { s3 } = await startWorld();
  await s3.send(new PutObjectCommand({ ...mugs, Body: "mugs", Metadata: { by: "ada" } }));
  const CopySource = encodeURIComponent(`${bucket}/${mugs.Key}`);

  await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: "copy ☕", CopySource }));
  await s3.send(
    new CopyObjectCommand({
      Bucket: bucket,
      Key: "new",
      CopySource,
      MetadataDirective: "REPLACE",
      Metadata: { by: "bob" },
    }),
  );
  await s3.send(new PutObjectCommand({ ...mugs, Body: "changed" }));

  expect(await textOf(s3, "copy ☕")).toBe("mugs");
  expect((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "copy ☕" }))).Metadata).toEqual({ by: "ada" });
  expect((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "new" }))).Metadata).toEqual({ by: "bob" });
});

test("a bulk delete removes the named keys and no other", async () => {
  const { s3 } = await startWorld();
  for (const Key of ["a&b", "c<d>", "kept"]) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));

  const { Deleted } = await s3.send(
    new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: [{ Key: "a&b" }, { Key: "c<d>" }, { Key: "never was" }] },
    }),
  );

  expect(Deleted?.map(({ Key }) => Key)).toEqual(["a&b", "c<d>", "never was"]);
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(Contents?.map(({ Key }) => Key)).toEqual(["kept"]);
});

test("a checksum or length that does not fit the body is refused and nothing is stored", async () => {
  const { s3 } = await startWorld();
  const wrong = createHash("sha256").update("other").digest("base64");

  await expect(s3.send(new PutObjectCommand({ ...mugs, Body: "mugs", ChecksumSHA256: wrong }))).rejects.toMatchObject({
    name: "BadDigest",
  });
  await expect(
    s3.send(new PutObjectCommand({ ...mugs, Body: "mugs", ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" })),
  ).rejects.toMatchObject({
    name: "BadDigest",
  });
  await expect(textOf(s3, mugs.Key)).rejects.toMatchObject({ name: "NoSuchKey" });
});

test.each(["CRC32", "CRC32C", "SHA1", "SHA256"] as const)(
  "the SDK's %s is verified on the way in and out",
  async (ChecksumAlgorithm) => {
    const { s3 } = await startWorld();

    const put = await s3.send(new PutObjectCommand({ ...mugs, Body: "mugs", ChecksumAlgorithm }));
    const got = await s3.send(new GetObjectCommand({ ...mugs, ChecksumMode: "ENABLED" }));

    expect(got[`Checksum${ChecksumAlgorithm}`]).toBe(put[`Checksum${ChecksumAlgorithm}`]);
    expect(await got.Body?.transformToString()).toBe("mugs");
  },
);
