const serving = `  --port N             listen on N (TRIGGER_LOCAL_PORT); default: 3030, or the next free port
  --database-url URL   use this PostgreSQL database (TRIGGER_LOCAL_DATABASE_URL); default: one of its own
  --state DIR          keys and data (TRIGGER_LOCAL_STATE); default: .trigger/local-state in the project
  --project DIR        the folder of trigger.config.ts; default: this one
  --project-ref REF    instead of \`project\` in trigger.config.ts`;

const pages: Record<string, string> = {
  "": `Runs a Trigger.dev project on this machine, without an account.

  trigger-local dev                  server, database and worker for the project in this folder
  trigger-local server               only the server (and its database)
  trigger-local worker               only a worker, for a server that runs already
  trigger-local trigger TASK [JSON]  runs a task and prints what it returned
  trigger-local env                  prints the variables your app needs to reach the server

  trigger-local COMMAND --help tells more.`,
  dev: `trigger-local dev: server, database and worker for a project, until Ctrl-C

${serving}
  --no-worker          leave the tasks to the official \`trigger dev\`; how to start it is printed
  --slots N            runs that execute at once; those that wait do not count
  --warm N             processes kept ready; default: 2
  --env-file FILE      variables of the runs, instead of the project's .env files

The worker follows every change of the tasks, of trigger.config.ts and of the .env files. Runs that are at work stay on
the version they began with.`,
  server: `trigger-local server: only the server and its database, until Ctrl-C

${serving}`,
  worker: `trigger-local worker: executes the runs of a project's tasks, as they are now, until Ctrl-C

  --project DIR     the folder of trigger.config.ts; default: this one
  --slots N         runs that execute at once; those that wait do not count
  --warm N          processes kept ready; default: 2
  --env-file FILE   variables of the runs, instead of the project's .env files
  --state DIR       where the server keeps its state; default: .trigger/local-state in the project

It serves the server that runs on that state, or the one that TRIGGER_API_URL and TRIGGER_SECRET_KEY name.`,
  trigger: `trigger-local trigger TASK [JSON]: runs a task of the running server and prints what it returned

  --project DIR   the folder of trigger.config.ts; default: this one
  --state DIR     where the server keeps its state; default: .trigger/local-state in the project

The exit code is 1 when the run failed.`,
  env: `trigger-local env: prints the variables your app needs to reach the running server

  --project DIR   the folder of trigger.config.ts; default: this one
  --state DIR     where the server keeps its state; default: .trigger/local-state in the project`,
};

export function helpOf(command: string): string {
  return pages[command] ?? pages[""] ?? "";
}
