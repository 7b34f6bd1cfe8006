import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { onTestFinished } from "vitest";
import { type S3Options, startS3 } from "../../../local/s3/server";

export const credentials = { accessKeyId: "LOCALTESTKEY", secretAccessKey: "local-secret" };
export const region = "eu-central-1";
export const bucket = "shop";

/** The official client, pointed at a local S3. It does not retry, so that a test sees every answer. */
export function clientFor(url: string, config: S3ClientConfig = {}) {
  return new S3Client({ endpoint: url, region, forcePathStyle: true, credentials, maxAttempts: 1, ...config });
}

/** A local S3 of its own for one test, and the official client pointed at it. */
export async function startWorld(options: Partial<S3Options> = {}) {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "local-s3-")));
  const server = await startS3({
    port: 0,
    stateDir,
    ...credentials,
    region,
    buckets: [bucket],
    corsOrigins: ["http://localhost:3000"],
    ...options,
  });
  const client = (config: S3ClientConfig = {}) => clientFor(server.url, config);
  const s3 = client();
  let closed = false;
  const close = async () => {
    s3.destroy();
    if (!closed) await server.close();
    closed = true;
  };
  onTestFinished(async () => {
    await close();
    if (!options.stateDir) await rm(stateDir, { recursive: true, force: true });
  });
  return { server, s3, client, stateDir, close };
}
