import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { onTestFinished } from "vitest";
import { type S3Options, startS3 } from "../../../local/s3/server";

export const credentials = { accessKeyId: "LOCALTESTKEY", secretAccessKey: "local-secret" };
export const region = "eu-central-1";
export const bucket = "shop";

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
  const client = (config: S3ClientConfig = {}) =>
    new S3Client({ endpoint: server.url, region, forcePathStyle: true, credentials, maxAttempts: 1, ...config });
  const s3 = client();
  onTestFinished(async () => {
    s3.destroy();
    await server.close();
    if (!options.stateDir) await rm(stateDir, { recursive: true, force: true });
  });
  return { server, s3, client, stateDir };
}
