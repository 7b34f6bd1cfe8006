import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resend } from "resend";
import { onTestFinished } from "vitest";
import { type ResendOptions, startResend } from "../../../local/resend/server";

export const apiKey = "re_local_test";

/** A local Resend of its own for one test, and the official client pointed at it. */
export async function startWorld(options: Partial<ResendOptions> = {}) {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "local-resend-")));
  const server = await startResend({ port: 0, stateDir, apiKey, ...options });
  let closed = false;
  const close = async () => {
    if (!closed) await server.close();
    closed = true;
  };
  onTestFinished(async () => {
    await close();
    if (!options.stateDir) await rm(stateDir, { recursive: true, force: true });
  });
  const plan = (fault: { kind: string; count?: number; delayMs?: number }) =>
    fetch(`${server.url}/_local/faults`, { method: "POST", body: JSON.stringify(fault) });
  return { server, stateDir, close, plan, resend: new Resend(apiKey, { baseUrl: server.url }) };
}

export const confirmation = {
  from: "Shopfloor <orders@shopfloor.example>",
  to: "ada@shop.test",
  subject: "Order ord_1 is confirmed",
  html: "<p>Thank you, <b>Ada</b>.</p>",
  text: "Thank you, Ada.",
};
