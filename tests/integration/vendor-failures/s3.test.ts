import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ObjectNotFoundError, ObjectRefusedError } from "@/lib/storage/errors";
import { translateS3Error } from "@/lib/storage/s3-errors";
import { vendorFailures } from "@/lib/vendor-failures";
import { startWorld, type World } from "@/tests/support/world";
import { answering, atOnce, backOff, type Case, decisionOn, errorOf, rowsWithout, told } from "./cases";

let world: World<"s3">;

beforeAll(async () => {
  world = await startWorld({ s3: true });
});

afterAll(() => world.close());

/** Amazon's own client, which is told not to try again by itself. */
const client = (endpoint = world.s3.url) =>
  new S3Client({
    region: "us-east-1",
    endpoint,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: "LOCALTESTS", secretAccessKey: "local-tests" },
    requestChecksumCalculation: "WHEN_REQUIRED",
  });

const reading = async (key: string, { bucket = "shopfloor", endpoint = world.s3.url, timeoutMs = 5_000 } = {}) => {
  const abortSignal = AbortSignal.timeout(timeoutMs);
  const work = client(endpoint).send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
  return translateS3Error(key, await errorOf(work));
};

const busy = async (headers: Record<string, string>) => {
  const { url } = await answering(429, "<Error><Code>TooManyRequests</Code></Error>", {
    "content-type": "application/xml",
    ...headers,
  });
  return reading("report.pdf", { endpoint: url });
};

const cases: Case[] = [
  {
    name: "nobody answers",
    row: "none",
    provoke: () => reading("report.pdf", { endpoint: "http://127.0.0.1:1" }),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "the connection is closed",
    row: "none",
    provoke: () => reading("drop-before.pdf"),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "the answer takes longer than the client waits",
    row: "none",
    provoke: () => reading("slow-answer.pdf", { timeoutMs: 200 }),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "Amazon asks to slow down, and never says for how long",
    row: "503 SlowDown",
    provoke: () => reading("slow-down.pdf"),
    becomes: "TemporaryError",
    decision: backOff,
  },
  {
    name: "another store asks to slow down, and says for how long",
    row: "429",
    provoke: () => busy({ "retry-after": "5" }),
    becomes: "TemporaryError",
    decision: told(5_000),
  },
  {
    name: "the store fails",
    row: "5xx",
    provoke: () => reading("internal-error.pdf"),
    becomes: "TemporaryError",
    decision: backOff,
  },
  {
    name: "there is no such bucket",
    row: "404 NoSuchBucket",
    provoke: () => reading("report.pdf", { bucket: "elsewhere" }),
    becomes: "NoSuchBucket",
    decision: backOff,
  },
  {
    name: "our key may not",
    row: "403",
    provoke: () => reading("forbidden-file.pdf"),
    becomes: "AccessDenied",
    decision: backOff,
  },
  {
    name: "there is no such object",
    row: "404",
    provoke: () => reading("never-stored.pdf"),
    becomes: ObjectNotFoundError.name,
    decision: "stop",
  },
  {
    name: "the key is too long",
    row: "4xx",
    provoke: async () => {
      const Key = "k".repeat(1_025);
      const work = client().send(new PutObjectCommand({ Bucket: "shopfloor", Key, Body: Buffer.from("x") }));
      return translateS3Error(Key, await errorOf(work));
    },
    becomes: ObjectRefusedError.name,
    decision: "stop",
  },
];

test.each(cases)("S3, $row: $name", async ({ provoke, becomes, decision }) => {
  const error = await provoke();

  expect((error as Error).name).toBe(becomes);
  expect(decisionOn(error)).toEqual(decision);
});

test("no row of S3's table is left out", () => {
  expect(rowsWithout(cases, vendorFailures.s3)).toEqual([]);
});
