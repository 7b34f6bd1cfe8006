import { type Connection, environmentLines } from "./state";

type Ready = {
  connection: Connection;
  accessToken: string;
  projectRef: string;
  projectDir: string;
  /** Undefined where the tasks are somebody else's to run. */
  tasks: string[] | undefined;
};

/** What a person needs once everything serves. */
export function readyBlock({ connection, accessToken, projectRef, projectDir, tasks }: Ready): string {
  const { apiUrl } = connection;
  const worker = tasks
    ? [`  Tasks       ${tasks.join(", ") || "none"}`]
    : [
        "",
        "  Tasks run where you start a worker in the project's folder: trigger-local worker, or the official command line:",
        "",
        `    TRIGGER_API_URL=${apiUrl} TRIGGER_ACCESS_TOKEN=${accessToken} npx trigger.dev@4.8.3 dev`,
      ];
  return [
    "",
    `Trigger.dev on this machine, for project ${projectRef} in ${projectDir}`,
    "",
    `  Dashboard   ${apiUrl}`,
    ...worker,
    "",
    "  Your app needs these in its environment (trigger-local env prints them again):",
    "",
    ...environmentLines(connection)
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`),
    "",
    "  Ctrl-C ends all of it.",
    "",
  ].join("\n");
}
