import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ObjectNotFoundError } from "@/lib/storage/errors";
import { getObjectStream } from "@/lib/storage/get-object-stream";
import { headObject } from "@/lib/storage/head-object";
import { presignUpload } from "@/lib/storage/presign-upload";
import { putObject } from "@/lib/storage/put-object";
import { putStream } from "@/lib/storage/put-stream";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"s3">;

beforeAll(async () => {
  world = await startWorld({ s3: true });
});

afterAll(() => world.close());

const csv = "text/csv; charset=utf-8";

function upload(to: { url: string; headers: Record<string, string> }, body: string) {
  return fetch(to.url, { method: "PUT", headers: to.headers, body });
}

test("what was stored is read back byte by byte, with its size and type", async () => {
  const body = randomBytes(300_000);

  await putObject({ key: "reports/daily äö+&.pdf", body, contentType: "application/pdf" });

  const object = await getObjectStream("reports/daily äö+&.pdf");
  expect(object).toMatchObject({ sizeBytes: 300_000, contentType: "application/pdf" });
  expect((await buffer(object.stream)).equals(body)).toBe(true);
  expect(await headObject("reports/daily äö+&.pdf")).toMatchObject({
    sizeBytes: 300_000,
    contentType: "application/pdf",
  });
});

test.each([
  ["nothing", 0, 1],
  ["less than a part", 300_000, 3],
  ["just one part", 8 * 1024 * 1024, 7],
  ["parts and a rest", 20_000_003, 333],
])("a stream of %s is read back byte by byte", async (_name, size, pieces) => {
  const body = randomBytes(size);
  const pieceSize = Math.max(1, Math.ceil(size / pieces));
  async function* bytes() {
    for (let at = 0; at < size; at += pieceSize) yield body.subarray(at, at + pieceSize);
  }

  await putStream({ key: `imports/stream-${size}`, bytes: bytes(), contentType: csv });

  const object = await getObjectStream(`imports/stream-${size}`);
  expect(object).toMatchObject({ sizeBytes: size, contentType: csv });
  expect((await buffer(object.stream)).equals(body)).toBe(true);
});

test("a stream that breaks stores nothing, and leaves what was there", async () => {
  async function* broken(size: number) {
    yield randomBytes(size);
    yield randomBytes(size);
    yield randomBytes(size);
    throw new Error("broken");
  }
  await putObject({ key: "imports/kept", body: Buffer.from("kept"), contentType: csv });

  for (const size of [1_000, 9_000_000])
    await expect(putStream({ key: "imports/kept", bytes: broken(size), contentType: csv })).rejects.toThrow("broken");

  expect(String(await buffer((await getObjectStream("imports/kept")).stream))).toBe("kept");
});

test("an object that is not there is a refusal, not a failure to retry", async () => {
  await expect(getObjectStream("reports/none.pdf")).rejects.toBeInstanceOf(ObjectNotFoundError);
  await expect(headObject("reports/none.pdf")).rejects.toBeInstanceOf(ObjectNotFoundError);
});

test("a browser can upload the file it was allowed, with nothing but the signed address", async () => {
  const body = "Handle,Title\nbrush,Brush\n";
  const allowed = await presignUpload({
    key: "imports/a.csv",
    contentType: csv,
    sizeBytes: body.length,
    expiresInSeconds: 60,
    now: new Date(),
  });

  const answer = await upload(allowed, body);

  expect(answer.status).toBe(200);
  expect(await headObject("imports/a.csv")).toMatchObject({ sizeBytes: body.length, contentType: csv });
});

test("an upload of another size, another type, another key, or too late is refused and stores nothing", async () => {
  const now = new Date();
  const allowed = await presignUpload({
    key: "imports/b.csv",
    contentType: csv,
    sizeBytes: 5,
    expiresInSeconds: 60,
    now,
  });
  const late = await presignUpload({
    key: "imports/b.csv",
    contentType: csv,
    sizeBytes: 5,
    expiresInSeconds: 60,
    now: new Date(now.getTime() - 120_000),
  });

  const answers = await Promise.all([
    upload(allowed, "123456"),
    upload({ ...allowed, headers: { ...allowed.headers, "content-type": "text/html" } }, "12345"),
    upload({ ...allowed, url: allowed.url.replace("/imports/b.csv", "/reports/b.csv") }, "12345"),
    upload(late, "12345"),
  ]);

  expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403, 403]);
  await expect(headObject("imports/b.csv")).rejects.toBeInstanceOf(ObjectNotFoundError);
  await expect(headObject("reports/b.csv")).rejects.toBeInstanceOf(ObjectNotFoundError);
});

test("an address that a file was uploaded to takes no second file, so that what is being read stays as it is", async () => {
  const allowed = await presignUpload({
    key: "imports/c.csv",
    contentType: csv,
    sizeBytes: 5,
    expiresInSeconds: 60,
    now: new Date(),
  });
  expect((await upload(allowed, "first")).status).toBe(200);

  const again = await upload(allowed, "other");
  const unconditionally = await upload({ ...allowed, headers: { "content-type": csv } }, "other");

  expect([again.status, unconditionally.status]).toEqual([412, 403]);
  const { stream } = await getObjectStream("imports/c.csv");
  expect((await buffer(stream)).toString()).toBe("first");
});
