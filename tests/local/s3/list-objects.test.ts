import { ListObjectsV2Command, PutObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { bucket, startWorld } from "./world";

const keys = [
  "a.txt",
  "photos/2025/x.jpg",
  "photos/2026/a.jpg",
  "photos/2026/b.jpg",
  "photos/cover.jpg",
  "reports/daily.pdf",
  "é",
  "\u{1f600}",
  "\uffee",
];

async function startWithKeys() {
  const world = await startWorld();
  for (const Key of keys) await world.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
  return world;
}

test("keys are listed in the order of their UTF-8 bytes", async () => {
  const { s3 } = await startWithKeys();

  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));

  expect(Contents?.map(({ Key }) => Key)).toEqual(
    keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
});

test("prefix and delimiter give the entries of one folder", async () => {
  const { s3 } = await startWithKeys();

  const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "photos/", Delimiter: "/" }));

  expect(page.Contents?.map(({ Key }) => Key)).toEqual(["photos/cover.jpg"]);
  expect(page.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(["photos/2025/", "photos/2026/"]);
  expect(page).toMatchObject({ KeyCount: 3, IsTruncated: false });
});

test.each([1, 2, 3])("pages of %i give everything once, folders included", async (pageSize) => {
  const { s3 } = await startWithKeys();

  const seen: (string | undefined)[] = [];
  for await (const page of paginateListObjectsV2({ client: s3, pageSize }, { Bucket: bucket, Delimiter: "/" })) {
    const entries = [
      ...(page.Contents ?? []).map(({ Key }) => Key),
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
    ];
    expect(entries.length).toBeLessThanOrEqual(pageSize);
    seen.push(...entries);
  }

  expect(seen.sort()).toEqual(["a.txt", "photos/", "reports/", "é", "\u{1f600}", "\uffee"].sort());
});
