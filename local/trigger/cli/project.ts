import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { stop } from "esbuild";
import { loadConfig } from "../worker/build/load-config";
import { readEnvFiles } from "../worker/registration";
import { UsageError, type WorldOptions } from "./options";

/**
 * Which project this is: what was asked for, else TRIGGER_PROJECT_REF of its .env files, else trigger.config.ts.
 *
 * @throws UsageError when there is no configuration that can be read.
 */
export async function projectRefOf({ projectDir, stateDir, projectRef, worker }: WorldOptions): Promise<string> {
  const named = projectRef ?? readEnvFiles(projectDir, worker?.envFile).TRIGGER_PROJECT_REF;
  if (named) return named;
  const isInside = stateDir.startsWith(projectDir);
  // The configuration's imports must be found from where its bundle lies.
  const folder = await mkdtemp(join(isInside ? stateDir : projectDir, ".config-"));
  try {
    const { config } = await loadConfig(projectDir, folder);
    return config.project;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = existsSync(join(projectDir, "node_modules")) ? "" : "\nRun npm install in the project's folder first.";
    throw new UsageError(`${reason}${/Cannot find (package|module)/.test(reason) ? hint : ""}`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
    // Its helper process would stay for as long as this one.
    await stop();
  }
}
