import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { holderOfLock, takeLock } from "../machine/lock";
import { removeDataFolder } from "../postgres/data-folder";

/** Keys that only this world's parts know; they stay the same for as long as its state lives. */
export type Secrets = {
  stripeKey: string;
  stripeWebhook: string;
  resendKey: string;
  s3KeyId: string;
  s3Secret: string;
  carrierKey: string;
  triggerKey: string;
  triggerToken: string;
  authSecret: string;
};

/** Where a world keeps its things. */
export function statePaths(stateDir: string) {
  const at = (name: string) => join(stateDir, name);
  return {
    lock: at("lock"),
    env: at("env"),
    world: at("world.json"),
    secrets: at("secrets.json"),
    logs: at("logs"),
    home: at("home"),
    postgres: at("postgres"),
    stripe: at("stripe"),
    resend: at("resend"),
    s3: at("s3"),
    carrier: at("carrier"),
  };
}

/** Somebody else uses this state. */
export class StateInUseError extends Error {
  override name = "StateInUseError";
}

/**
 * Takes the state for this process until `release`; a lock whose process is gone counts as none.
 *
 * @throws StateInUseError naming the process that has it.
 */
export async function lockState(stateDir: string): Promise<() => Promise<void>> {
  await mkdir(stateDir, { recursive: true });
  const taken = await takeLock(statePaths(stateDir).lock);
  if ("release" in taken) return taken.release;
  throw new StateInUseError(
    `Process ${taken.holder} is already running a shop on ${stateDir}. Stop it, or give this one a place of its own: --state .local/second`,
  );
}

/** The process that runs a world on this state, if any. */
export function lockHolder(stateDir: string): Promise<number | undefined> {
  return holderOfLock(statePaths(stateDir).lock);
}

/** Deletes everything but the lock, which the caller holds. */
export async function forgetState(stateDir: string): Promise<void> {
  const paths = statePaths(stateDir);
  await removeDataFolder(paths.postgres);
  for (const name of await readdir(stateDir)) {
    if (join(stateDir, name) !== paths.lock) await rm(join(stateDir, name), { recursive: true, force: true });
  }
}

/** The world's keys, made at random the first time; one that a state does not have yet is made when it is asked for. */
export async function loadSecrets(stateDir: string): Promise<Secrets> {
  const { secrets: file } = statePaths(stateDir);
  const stored = existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as Partial<Secrets>) : {};
  const secrets = { ...newSecrets(), ...stored };
  if (Object.keys(secrets).length > Object.keys(stored).length)
    await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function newSecrets(): Secrets {
  const random = (bytes: number) => randomBytes(bytes).toString("hex");
  return {
    stripeKey: `sk_test_local_${random(16)}`,
    stripeWebhook: `whsec_${random(24)}`,
    resendKey: `re_local_${random(16)}`,
    s3KeyId: `LOCAL${random(8).toUpperCase()}`,
    s3Secret: random(20),
    carrierKey: `carrier_local_${random(16)}`,
    triggerKey: `tr_dev_local${random(16)}`,
    triggerToken: `tr_pat_local${random(16)}`,
    authSecret: random(32),
  };
}
