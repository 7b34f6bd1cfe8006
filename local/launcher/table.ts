import type { WorldSummary } from "./world";

/** The one table a person sees when everything serves. */
export function tableOf(summary: WorldSummary, stateDir: string): string {
  const rows: Array<[string, string]> = [
    ["Store", summary.store],
    ["Admin", summary.admin],
    ...summary.logins.map(({ role, email, password }): [string, string] => [`  ${role}`, `${email}  ${password}`]),
    ["Inbox", summary.inbox],
    ["Stripe", summary.stripe],
    ["Carrier", summary.carrier],
    ["Trigger.dev", summary.trigger],
  ];
  const nameWidth = Math.max(...rows.map(([name]) => name.length));
  const valueWidth = Math.max(...rows.map(([, value]) => value.length));
  const rule = "─".repeat(nameWidth + valueWidth + 5);
  const lines = rows.map(([name, value]) => `│ ${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)} │`);
  return [
    `┌${rule.slice(1)}┐`,
    ...lines,
    `└${rule.slice(1)}┘`,
    `Pay with card 4242 4242 4242 4242. Logs and data: ${stateDir}`,
    "Ctrl-C stops everything.",
  ].join("\n");
}
