import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { DomainError } from "@/lib/errors";
import type { FailureRow } from "@/lib/vendor-failures";
import { retryPause } from "@/trigger/_step";

/** The pause that the task's own settings would make. */
export const backoffMs = 8_000;

/** What a task does: no other try, or the pauses after its first and its second. */
type Decision = "stop" | readonly [first: number, second: number];

export const atOnce = [100, backoffMs] as const;
export const backOff = [backoffMs, backoffMs] as const;
export const told = (ms: number) => [ms, backoffMs] as const;

export type Case = {
  name: string;
  /** The row of the table that this is about. */
  row: string;
  /** Makes the vendor's own client fail, and answers its error in our words. */
  provoke: () => Promise<unknown>;
  becomes: string;
  decision: Decision;
};

export const rowName = ({ status, code }: FailureRow): string => (code ? `${status} ${code}` : String(status));

/** What `trigger/_step.ts` does with an error. */
export function decisionOn(error: unknown): Decision {
  if (error instanceof DomainError) return "stop";
  const pause = (number: number) =>
    retryPause({ error, retryDelayInMs: backoffMs, ctx: { attempt: { number } } })?.retryDelayInMs ?? backoffMs;
  return [pause(1), pause(2)];
}

/** The error of work that has to fail. */
export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (!outcome) throw new Error("It did not fail");
  return outcome.error;
}

/** A server that answers this to everything, for what the stand-ins do not do. */
export async function answering(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ url: string; port: number }> {
  const server = createServer((_request, response) => {
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

/** The rows of a vendor that no case is about. */
export function rowsWithout(cases: readonly Case[], rows: readonly FailureRow[]): string[] {
  const tried = new Set(cases.map(({ row }) => row));
  return rows.map(rowName).filter((name) => !tried.has(name));
}
