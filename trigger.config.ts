import { additionalPackages } from "@trigger.dev/build/extensions/core";
import { prismaExtension } from "@trigger.dev/build/extensions/prisma";
import { defineConfig } from "@trigger.dev/sdk";

export default defineConfig({
  project: process.env.TRIGGER_PROJECT_REF ?? "proj_shopfloor",
  dirs: ["./trigger"],
  runtime: "node",
  logLevel: "info",
  maxDuration: 300,
  // A process per run costs half a second of CPU; kept processes cost milliseconds.
  processKeepAlive: { enabled: true, devMaxPoolSize: 6, maxExecutionsPerProcess: 200 },
  retries: {
    enabledInDev: true,
    default: { maxAttempts: 3, minTimeoutInMs: 1_000, maxTimeoutInMs: 10_000, factor: 2, randomize: true },
  },
  build: {
    // pdfkit finds its fonts beside its own files, so it must not be bundled.
    external: ["pdfkit"],
    extensions: [
      prismaExtension({ mode: "modern" }),
      // The report's font is found by its path, which no bundler sees.
      additionalPackages({ packages: ["@expo-google-fonts/inter"] }),
    ],
  },
});
