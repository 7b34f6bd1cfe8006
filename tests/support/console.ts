import { format } from "node:util";
import { afterEach, beforeEach } from "vitest";

const write = console.error;
let seen: string[] = [];
let expected: RegExp[] = [];

console.error = (...args: unknown[]) => {
  const text = format(...args);
  if (expected.some((pattern) => pattern.test(text))) return;
  seen.push(text);
  write(...args);
};

beforeEach(() => {
  seen = [];
  expected = [];
});

afterEach(() => {
  if (seen.length > 0) throw new Error(`console.error was called and not expected:\n${seen.join("\n")}`);
});

/** Lets the running test write to console.error what matches `pattern`; anything else there fails it. */
export function expectConsoleError(pattern: RegExp): void {
  expected.push(pattern);
}
