/**
 * The local Stripe, Resend, S3 and carrier in one process, told everything by environment variables:
 * STRIPE_PORT, STRIPE_STATE, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_URL, STRIPE_WEBHOOK_SECRET, STRIPE_PUBLIC_URL · RESEND_PORT, RESEND_STATE,
 * RESEND_API_KEY · S3_PORT, S3_STATE, S3_BUCKET, S3_CORS_ORIGINS (separated by spaces), AWS_REGION, AWS_ACCESS_KEY_ID,
 * AWS_SECRET_ACCESS_KEY · CARRIER_PORT, CARRIER_STATE, CARRIER_API_KEY. Ends on SIGTERM and SIGINT.
 */
import { startCarrier } from "./carrier/server";
import { startResend } from "./resend/server";
import { startS3 } from "./s3/server";
import { startStripe } from "./stripe/server";

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set. \`npm run demo\` starts this process with everything it needs.`);
}

const servers = await Promise.all([
  startStripe({
    port: Number(required("STRIPE_PORT")),
    stateDir: required("STRIPE_STATE"),
    secretKey: required("STRIPE_SECRET_KEY"),
    webhook: { url: required("STRIPE_WEBHOOK_URL"), secret: required("STRIPE_WEBHOOK_SECRET") },
    publicUrl: required("STRIPE_PUBLIC_URL"),
  }),
  startResend({
    port: Number(required("RESEND_PORT")),
    stateDir: required("RESEND_STATE"),
    apiKey: required("RESEND_API_KEY"),
  }),
  startS3({
    port: Number(required("S3_PORT")),
    stateDir: required("S3_STATE"),
    buckets: [required("S3_BUCKET")],
    corsOrigins: required("S3_CORS_ORIGINS").split(" "),
    region: required("AWS_REGION"),
    accessKeyId: required("AWS_ACCESS_KEY_ID"),
    secretAccessKey: required("AWS_SECRET_ACCESS_KEY"),
  }),
  startCarrier({
    port: Number(required("CARRIER_PORT")),
    stateDir: required("CARRIER_STATE"),
    apiKey: required("CARRIER_API_KEY"),
  }),
]);

async function end(): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
  process.exit(0);
}

process.once("SIGTERM", () => void end());
process.once("SIGINT", () => void end());
