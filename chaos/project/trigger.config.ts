import { defineConfig } from "@trigger.dev/sdk";

export default defineConfig({
  project: "proj_chaos",
  dirs: ["./trigger"],
  runtime: "node",
  maxDuration: 120,
  logLevel: "warn",
  retries: {
    enabledInDev: true,
    default: { maxAttempts: 6, minTimeoutInMs: 50, maxTimeoutInMs: 500, factor: 2, randomize: false },
  },
});
