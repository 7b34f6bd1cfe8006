import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type lifecycleHooks, resourceCatalog, type TriggerConfig } from "@trigger.dev/core/v3";
import { type BundleManifest, manifestVariable } from "./messages";

/** A file that could not be imported; its tasks do not exist. */
export type ImportFailure = { file: string; error: unknown };

export function readBundleManifest(): BundleManifest {
  const path = process.env[manifestVariable];
  if (!path) throw new Error(`${manifestVariable} is not set: this process is started by the worker host only.`);
  return JSON.parse(readFileSync(path, "utf8")) as BundleManifest;
}

type ErrorHook = Parameters<typeof lifecycleHooks.registerGlobalCatchErrorHook>[0]["fn"];
type ConfigModule = { default?: TriggerConfig; config?: TriggerConfig; handleError?: ErrorHook };

export async function importConfig({ configPath }: BundleManifest) {
  const module = (await import(pathToFileURL(configPath).href)) as ConfigModule;
  const config = module.default ?? module.config;
  if (!config) throw new Error("trigger.config has no default export.");
  return { config, handleError: module.handleError };
}

/**
 * Imports every file with tasks, each under its own name: the SDK's `task()` notes which file it is called in, and
 * registers nothing outside of one.
 */
export async function importTasks({ files, initPath }: BundleManifest): Promise<ImportFailure[]> {
  const failures: ImportFailure[] = [];
  const all = initPath === undefined ? files : [{ entry: "init", out: initPath }, ...files];
  for (const { entry, out } of all) {
    resourceCatalog.setCurrentFileContext(entry, out);
    try {
      await import(pathToFileURL(out).href);
    } catch (error) {
      failures.push({ file: entry, error });
    } finally {
      resourceCatalog.clearCurrentFileContext();
    }
  }
  return failures;
}
