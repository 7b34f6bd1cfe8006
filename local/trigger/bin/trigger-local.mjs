#!/usr/bin/env node
// The command `trigger-local`: from plain Node to TypeScript.
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `trigger-local needs Node 20.19 or newer; this is ${process.version}. Install a newer Node (https://nodejs.org).`,
  );
}
try {
  await import("./typescript.mjs");
} catch (error) {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ERR_MODULE_NOT_FOUND") throw error;
  // Run from a checkout, it uses the checkout's packages.
  const checkout = fileURLToPath(new URL("../../..", import.meta.url));
  fail(`The packages of trigger-local are not installed. Run this once:  npm ci --prefix ${checkout}`);
}
const { main } = await import("../cli/main.ts");
await main(process.argv.slice(2));

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
