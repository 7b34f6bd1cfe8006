/** The local S3 as a process of its own, so that a test can kill it: `serve.ts <stateDir>` prints its address. */
import { startS3 } from "../../../local/s3/server";

const { url } = await startS3({
  port: 0,
  stateDir: process.argv[2] ?? "",
  accessKeyId: "LOCALTESTKEY",
  secretAccessKey: "local-secret",
  region: "eu-central-1",
  buckets: ["shop"],
  corsOrigins: [],
});
console.log(url);
