import type { Child, Children } from "./children";
import { UsageError } from "./options";
import type { Keys } from "./state";

type ServerSettings = { databaseUrl: string; projectRef: string; port: number; keys: Keys };

const script = new URL("../main.ts", import.meta.url).href;
const startMaxMs = 60_000;
const restartPauseMs = 1_000;

/** Starts the server as a process of its own, and again whenever it dies: all it knows is in the database. */
export function startServer(
  children: Children,
  { databaseUrl, projectRef, port, keys }: ServerSettings,
  say: (line: string) => void,
): { started: Promise<void>; stop: () => Promise<void> } {
  let isStopping = false;
  const printed: string[] = [];
  const start = (tell: (line: string) => void) =>
    children.start(
      "server",
      script,
      [],
      {
        TRIGGER_LOCAL_DATABASE_URL: databaseUrl,
        TRIGGER_LOCAL_PORT: String(port),
        TRIGGER_SECRET_KEY: keys.secretKey,
        TRIGGER_ACCESS_TOKEN: keys.accessToken,
        TRIGGER_PROJECT_REF: projectRef,
      },
      tell,
    );
  let server = start((line) => printed.push(line));
  const url = `http://127.0.0.1:${port}/healthcheck`;
  const started = answersOrDies(url, server, () => explain(printed, projectRef)).then(() => void keepAlive());

  async function keepAlive(): Promise<void> {
    while (!isStopping) {
      const how = await server.exited;
      if (isStopping) return;
      say(`The server ended by itself (${how}); starting it again.`);
      await new Promise((resolve) => setTimeout(resolve, restartPauseMs));
      if (!isStopping) server = start(say);
    }
  }

  return {
    started,
    stop: async () => {
      isStopping = true;
      await server.stop();
    },
  };
}

/** What the server said when it did not start, and what to do where this command knows more than the server. */
function explain(printed: string[], projectRef: string): string {
  const text = printed.join("\n");
  if (!text.includes("holds the runs of project")) return text;
  return `${text.split(" Use another database")[0]} One database serves one project: give ${projectRef} one of its own, by another name in --database-url, or leave that out.`;
}

async function answersOrDies(url: string, server: Child, reason: () => string): Promise<void> {
  let isDead = false;
  void server.exited.then(() => {
    isDead = true;
  });
  const deadline = Date.now() + startMaxMs;
  for (;;) {
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp && !isDead) return;
    if (isDead) throw new UsageError(reason());
    if (Date.now() > deadline) throw new UsageError(`The server did not answer within a minute.\n${reason()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
