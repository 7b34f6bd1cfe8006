import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, onTestFinished, test, vi } from "vitest";
import { bucket, clientFor, startWorld } from "./world";

async function newStateDir() {
  const stateDir = await mkdtemp(join(tmpdir(), "local-s3-"));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  return stateDir;
}

/** Starts the server as a process and gives its address once it serves. */
async function startProcess(stateDir: string): Promise<{ url: string; child: ChildProcess }> {
  const serve = fileURLToPath(new URL("serve.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", serve, stateDir], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout ?? child, "data");
  return { url: String(line).trim(), child };
}

test("objects, their descriptions and uploads under way survive a restart", async () => {
  const stateDir = await newStateDir();
  const first = await startWorld({ stateDir });
  const put = await first.s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: "kept",
      Body: "kept",
      ContentType: "text/csv",
      Metadata: { by: "ada" },
    }),
  );
  const { UploadId } = await first.s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: "joined" }));
  const part = await first.s3.send(
    new UploadPartCommand({ Bucket: bucket, Key: "joined", UploadId, PartNumber: 1, Body: "part" }),
  );
  await first.close();

  const { s3 } = await startWorld({ stateDir });
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "kept" }));
  const Parts = [{ PartNumber: 1, ETag: part.ETag }];
  await s3.send(
    new CompleteMultipartUploadCommand({ Bucket: bucket, Key: "joined", UploadId, MultipartUpload: { Parts } }),
  );

  expect(await got.Body?.transformToString()).toBe("kept");
  expect(got).toMatchObject({ ContentType: "text/csv", Metadata: { by: "ada" }, ETag: put.ETag });
  expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents?.map(({ Key }) => Key)).toEqual([
    "joined",
    "kept",
  ]);
});

test("kill -9 in the middle of an upload leaves the old object whole and nothing half", async () => {
  const stateDir = await newStateDir();
  const { url, child } = await startProcess(stateDir);
  const target = { Bucket: bucket, Key: "report.pdf" };
  const client = clientFor(url, { requestChecksumCalculation: "WHEN_REQUIRED" });
  await client.send(new PutObjectCommand({ ...target, Body: "yesterday" }));
  const upload = request(await getSignedUrl(client, new PutObjectCommand(target), { expiresIn: 60 }), {
    method: "PUT",
    headers: { "content-length": 1_000_000 },
  });
  upload.on("error", () => undefined);
  upload.write(Buffer.alloc(500_000));
  const incoming = join(stateDir, "incoming");
  await vi.waitFor(async () => {
    const files = await readdir(incoming);
    expect(files).toHaveLength(1);
    expect((await stat(join(incoming, files[0] ?? ""))).size).toBeGreaterThan(0);
  });

  child.kill("SIGKILL");
  await once(child, "exit");
  client.destroy();

  const { s3 } = await startWorld({ stateDir });
  const got = await s3.send(new GetObjectCommand(target));
  expect(await got.Body?.transformToString()).toBe("yesterday");
  expect(await readdir(incoming)).toEqual([]);
});

test("an upload that the client breaks off leaves nothing", async () => {
  const { s3, stateDir, client } = await startWorld();
  const target = { Bucket: bucket, Key: "report.pdf" };
  const url = await getSignedUrl(
    client({ requestChecksumCalculation: "WHEN_REQUIRED" }),
    new PutObjectCommand(target),
    { expiresIn: 60 },
  );
  const upload = request(url, { method: "PUT", headers: { "content-length": 1_000_000 } });
  upload.on("error", () => undefined);
  upload.write(Buffer.alloc(500_000));
  const incoming = join(stateDir, "incoming");
  await vi.waitFor(async () => expect(await readdir(incoming)).toHaveLength(1));

  upload.destroy();

  await vi.waitFor(async () => expect(await readdir(incoming)).toEqual([]));
  expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
});

test("a reader of an object that is replaced meanwhile gets the whole old one", async () => {
  const { s3 } = await startWorld();
  const target = { Bucket: bucket, Key: "big" };
  await s3.send(new PutObjectCommand({ ...target, Body: Buffer.alloc(4_000_000, "a") }));

  const reading = await s3.send(new GetObjectCommand(target));
  await s3.send(new PutObjectCommand({ ...target, Body: "new" }));
  const bytes = Buffer.from((await reading.Body?.transformToByteArray()) ?? []);

  expect(bytes.equals(Buffer.alloc(4_000_000, "a"))).toBe(true);
});
