import { existsSync } from "node:fs";
import { cp, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

/** Everything tasks are made of: they import nothing but lib. */
const sources = ["trigger", "lib", "trigger.config.ts", "package.json", "package-lock.json", "tsconfig.json"];

/**
 * Copies what the tasks are made of into `folder`, for the Trigger.dev command line to run in. It keeps a lock and its
 * bundles beside trigger.config.ts, and a second one there ends the first: so each demo has a folder of its own. Tasks
 * then stay as they were at the start, like the pages of a production build.
 */
export async function copyTasks(folder: string, projectDir: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of sources) {
    if (existsSync(join(projectDir, name))) await cp(join(projectDir, name), join(folder, name), { recursive: true });
  }
  // Found above the folder where the state lies in the project, but it may lie anywhere.
  await symlink(join(projectDir, "node_modules"), join(folder, "node_modules"), "junction");
}
