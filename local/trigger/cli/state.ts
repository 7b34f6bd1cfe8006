import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { holderOfLock, takeLock } from "../../machine/lock";
import { UsageError } from "./options";

/** The keys of this installation, made at random once. */
export type Keys = { secretKey: string; accessToken: string };

/** How to reach a running server. */
export type Connection = { apiUrl: string; secretKey: string; databaseUrl?: string };

/** Where a project's server keeps its things. */
export type State = { dir: string; postgres: string; keys: Keys; release: () => Promise<void> };

const at = (dir: string, name: "lock" | "keys.json" | "server.json" | "postgres" | ".gitignore") => join(dir, name);

/**
 * Opens the state for this process alone.
 *
 * @throws UsageError when another process has it.
 */
export async function openState(dir: string): Promise<State> {
  // PostgreSQL may run as another user, and keeps its data below.
  await mkdir(dir, { recursive: true });
  await chmod(dir, 0o711);
  await writeFile(at(dir, ".gitignore"), "*\n");
  const taken = await takeLock(at(dir, "lock"));
  if ("holder" in taken) {
    throw new UsageError(
      `Process ${taken.holder} already runs trigger-local on ${dir}. Stop it, or give this one a place of its own: --state DIR`,
    );
  }
  const release = async () => {
    await rm(at(dir, "server.json"), { force: true });
    await taken.release();
  };
  return { dir, postgres: at(dir, "postgres"), keys: await loadKeys(dir), release };
}

async function loadKeys(dir: string): Promise<Keys> {
  const file = at(dir, "keys.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as Keys;
  const random = () => randomBytes(20).toString("hex");
  const keys = { secretKey: `tr_dev_${random()}`, accessToken: `tr_pat_${random()}` };
  await writePrivately(file, keys);
  return keys;
}

/** Leaves word for the commands that talk to the server. */
export async function announce(state: State, connection: Connection): Promise<void> {
  await writePrivately(at(state.dir, "server.json"), connection);
}

/** Whole or not at all, and for this user only. */
async function writePrivately(file: string, content: object): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/**
 * The server that runs on this state; without one, what TRIGGER_API_URL and TRIGGER_SECRET_KEY say.
 *
 * @throws UsageError when there is neither.
 */
export async function connectionOf(dir: string): Promise<Connection> {
  const text = await readFile(at(dir, "server.json"), "utf8").catch(() => undefined);
  if (text !== undefined && (await holderOfLock(at(dir, "lock")))) return JSON.parse(text) as Connection;
  const { TRIGGER_API_URL: apiUrl, TRIGGER_SECRET_KEY: secretKey } = process.env;
  if (apiUrl && secretKey) return { apiUrl: apiUrl.replace(/\/$/, ""), secretKey };
  throw new UsageError(
    `No server runs on ${dir}. Start one with \`trigger-local dev\` in the project's folder, name its folder with --project, or set TRIGGER_API_URL and TRIGGER_SECRET_KEY.`,
  );
}

/** What an application needs to reach the server, as a .env file has it. */
export function environmentLines({ apiUrl, secretKey }: Connection): string {
  return `TRIGGER_API_URL=${apiUrl}\nTRIGGER_SECRET_KEY=${secretKey}\n`;
}
