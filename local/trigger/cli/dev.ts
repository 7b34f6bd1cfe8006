import { watchParents } from "../../machine/parents";
import { freePortFrom } from "../../machine/ports";
import { configFileOf } from "../worker/build/load-config";
import { type Children, openChildren } from "./children";
import { startDatabase } from "./database";
import { UsageError, type WorldOptions } from "./options";
import { projectRefOf } from "./project";
import { readyBlock } from "./ready-block";
import { startServer } from "./server";
import { announce, openState, type State } from "./state";
import { followProject } from "./workers";

type Part = { stop: () => Promise<void> };

const say = (line: string) => console.log(line);

/** `trigger-local dev` and `trigger-local server`: everything that was asked for, until it is told to end. */
export async function dev(options: WorldOptions): Promise<void> {
  // Before anything is written into what may be the wrong folder.
  if (options.worker || !options.projectRef) configFileOf(options.projectDir);
  const state = await openState(options.stateDir);
  const children = openChildren();
  const parts: Part[] = [];
  let isEnding = false;
  const end = () => {
    isEnding = true;
    return endAll(parts, children, state);
  };
  onRequestToEnd(end);
  try {
    await startAll(options, state, children, parts, () => isEnding);
  } catch (error) {
    if (isEnding) return; // What was told to end cannot have started.
    await end();
    throw error;
  }
}

async function startAll(
  options: WorldOptions,
  state: State,
  children: Children,
  parts: Part[],
  isEnding: () => boolean,
): Promise<void> {
  const add = async (part: Part) => {
    parts.push(part);
    if (isEnding()) await part.stop();
  };
  const { projectDir, port } = options;
  const projectRef = await projectRefOf(options);
  const number = await choosePort(port);
  let { databaseUrl } = options;
  if (databaseUrl === undefined) {
    say("Starting PostgreSQL …");
    const database = await startDatabase(state, projectRef, children, say);
    databaseUrl = database.url;
    await add(database);
    void database.lost.then(() => !isEnding() && giveUp("PostgreSQL has ended by itself"));
  }
  say("Starting the server …");
  const server = startServer(children, { databaseUrl, projectRef, port: number, keys: state.keys }, say);
  await add(server);
  const connection = { apiUrl: `http://127.0.0.1:${number}`, secretKey: state.keys.secretKey, databaseUrl };
  const block = { connection, accessToken: state.keys.accessToken, projectRef, projectDir };
  const onReady = (tasks?: string[]) => say(readyBlock({ ...block, tasks }));
  if (options.worker) {
    say("Building the tasks …");
    await add(followProject({ children, connection, projectRef, projectDir, ...options.worker }, say, onReady));
  }
  await server.started;
  await announce(state, connection);
  if (!options.worker) onReady();
}

async function choosePort({ number, asked }: WorldOptions["port"]): Promise<number> {
  const free = await freePortFrom(number, asked ? 1 : 100);
  if (free === undefined) throw new UsageError(`Port ${number} is taken. Choose another one with --port.`);
  if (free !== number) say(`Port ${number} is taken: using ${free} instead.`);
  return free;
}

/** The last that started ends first: a worker can still report what it did. */
async function endAll(parts: Part[], children: Children, state: State): Promise<void> {
  for (const part of parts.reverse()) await part.stop();
  await children.close();
  await state.release();
}

/** Ctrl-C, SIGTERM, a closed terminal, or npx being gone. */
function onRequestToEnd(end: () => Promise<void>): void {
  let asked = false;
  const request = (why: string) => {
    // A second request does not wait: the guard ends what is left.
    if (asked) process.exit(1);
    asked = true;
    say(`${why}: stopping …`);
    void end().then(() => {
      say("Stopped.");
      process.exit(0);
    });
  };
  process.on("SIGINT", () => request("Ctrl-C"));
  process.on("SIGTERM", () => request("Asked to end"));
  process.on("SIGHUP", () => request("The terminal closed"));
  watchParents(() => request("npx is gone"));
  // Nobody may be left to read, but stopping must go on.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

function giveUp(why: string): void {
  console.error(`${why}: stopping …`);
  // The guard ends the others.
  process.exit(1);
}
