import { createHash, randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { bucket, startWorld } from "./world";

const catalog = { Bucket: bucket, Key: "imports/catalog.csv" };
const mebibyte = 1024 * 1024;

async function uploadParts(s3: S3Client, UploadId: string | undefined, parts: Buffer[], ChecksumAlgorithm?: "SHA256") {
  const sent = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const part = await s3.send(new UploadPartCommand({ ...catalog, UploadId, PartNumber, Body, ChecksumAlgorithm }));
    sent.push({ PartNumber, ETag: part.ETag, ChecksumSHA256: part.ChecksumSHA256 });
  }
  return sent;
}

test("parts become one object with their bytes in order and S3's etag of parts", async () => {
  const { s3 } = await startWorld();
  const parts = [randomBytes(5 * mebibyte), randomBytes(5 * mebibyte + 3), randomBytes(10)];

  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...catalog, ContentType: "text/csv", Metadata: { by: "ada" } }),
  );
  const Parts = await uploadParts(s3, UploadId, parts);
  const listed = await s3.send(new ListPartsCommand({ ...catalog, UploadId }));
  const before = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const { ETag } = await s3.send(
    new CompleteMultipartUploadCommand({ ...catalog, UploadId, MultipartUpload: { Parts } }),
  );
  const got = await s3.send(new GetObjectCommand(catalog));

  expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual(
    parts.map((part, index) => [index + 1, part.length]),
  );
  expect(before.KeyCount).toBe(0);
  const md5s = Buffer.concat(parts.map((part) => createHash("md5").update(part).digest()));
  expect(ETag).toBe(`"${createHash("md5").update(md5s).digest("hex")}-3"`);
  expect(got).toMatchObject({ ContentType: "text/csv", Metadata: { by: "ada" }, ETag });
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat(parts))).toBe(true);
});

test("a composite checksum is formed of those of the parts", async () => {
  const { s3 } = await startWorld();
  const parts = [randomBytes(5 * mebibyte), randomBytes(10)];

  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...catalog, ChecksumAlgorithm: "SHA256" }));
  const Parts = await uploadParts(s3, UploadId, parts, "SHA256");
  const done = await s3.send(new CompleteMultipartUploadCommand({ ...catalog, UploadId, MultipartUpload: { Parts } }));

  const digests = Buffer.concat(parts.map((part) => createHash("sha256").update(part).digest()));
  expect(done.ChecksumSHA256).toBe(`${createHash("sha256").update(digests).digest("base64")}-2`);
  expect(done.ChecksumType).toBe("COMPOSITE");
});

test("a completion that does not fit the parts is refused, and the right one still succeeds", async () => {
  const { s3 } = await startWorld();
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(catalog));
  const [first, second] = await uploadParts(s3, UploadId, [randomBytes(5 * mebibyte), Buffer.from("end")]);
  const complete = (Parts: object[]) =>
    s3.send(new CompleteMultipartUploadCommand({ ...catalog, UploadId, MultipartUpload: { Parts } }));

  await expect(complete([{ ...first, ETag: '"0"' }])).rejects.toMatchObject({ name: "InvalidPart" });
  await expect(complete([second ?? {}, first ?? {}])).rejects.toMatchObject({ name: "InvalidPartOrder" });
  await expect(complete([{ ...first, PartNumber: 3 }])).rejects.toMatchObject({ name: "InvalidPart" });

  expect((await complete([first ?? {}, second ?? {}])).Key).toBe(catalog.Key);
});

test("a part under 5 MiB that is not the last is refused", async () => {
  const { s3 } = await startWorld();
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(catalog));
  const Parts = await uploadParts(s3, UploadId, [Buffer.from("small"), Buffer.from("end")]);

  await expect(
    s3.send(new CompleteMultipartUploadCommand({ ...catalog, UploadId, MultipartUpload: { Parts } })),
  ).rejects.toMatchObject({ name: "EntityTooSmall" });
});

test("an aborted upload is gone and leaves no object", async () => {
  const { s3 } = await startWorld();
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(catalog));
  const Parts = await uploadParts(s3, UploadId, [Buffer.from("end")]);

  await s3.send(new AbortMultipartUploadCommand({ ...catalog, UploadId }));

  await expect(
    s3.send(new CompleteMultipartUploadCommand({ ...catalog, UploadId, MultipartUpload: { Parts } })),
  ).rejects.toMatchObject({ name: "NoSuchUpload" });
  await expect(s3.send(new ListPartsCommand({ ...catalog, UploadId: "../../buckets" }))).rejects.toMatchObject({
    name: "NoSuchUpload",
  });
  expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
});
