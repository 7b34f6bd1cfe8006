import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { TriggerConfig } from "@trigger.dev/core/v3";
import { build } from "esbuild";

export type Project = {
  projectDir: string;
  configFile: string;
  config: TriggerConfig;
  /** Folders with tasks, relative to the project. */
  dirs: string[];
};

const configNames = ["ts", "mts", "cts", "js", "mjs", "cjs"].map((extension) => `trigger.config.${extension}`);
const notOurs = new Set(["node_modules", "dist", "out", "build"]);

/** Reads the project's trigger.config. `outDir` lies in the project, so that its imports are found from there. */
export async function loadConfig(projectDir: string, outDir: string): Promise<Project> {
  const configFile = configFileOf(projectDir);
  const outfile = join(outDir, "trigger.config.mjs");
  await build({
    entryPoints: [configFile],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "silent",
  });
  const module = (await import(pathToFileURL(outfile).href)) as { default?: TriggerConfig; config?: TriggerConfig };
  const config = module.default ?? module.config;
  if (!config) throw new Error(`${configFile} has no default export: use \`export default defineConfig({ … })\`.`);
  if (!config.project) throw new Error(`${configFile} does not say which project it is: set \`project\`.`);
  if (!config.maxDuration) throw new Error(`${configFile} must set maxDuration, to at least 5 seconds.`);
  const dirs = config.dirs ?? (await findTriggerFolders(projectDir));
  return {
    projectDir,
    configFile,
    config,
    dirs: dirs.map((dir) => (isAbsolute(dir) ? relative(projectDir, dir) : dir)),
  };
}

/** The project's configuration; throws a sentence when there is none. */
export function configFileOf(projectDir: string): string {
  const configFile = configNames.map((name) => join(projectDir, name)).find((path) => existsSync(path));
  if (!configFile) throw new Error(`There is no trigger.config.ts in ${projectDir}. Is this the project's folder?`);
  return configFile;
}

/** A project that does not say where its tasks are has them in folders named `trigger`. */
async function findTriggerFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || notOurs.has(entry.name) || entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (path.endsWith(join("app", "api", "trigger"))) continue;
    if (entry.name === "trigger") found.push(path);
    found.push(...(await findTriggerFolders(path)));
  }
  return found;
}
