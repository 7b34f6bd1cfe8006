import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";

/** Folders of the project that do not go into a build of the store. */
const notBuilt = new Set([
  "node_modules",
  "local",
  "tests",
  "bench",
  "chaos",
  "audit",
  "docs",
  "migrations",
  "test-results",
]);

/**
 * Where Next puts a world's build, relative to the project as Next wants it. Each world has its own, because a running
 * store also writes there. A state outside the project gets a folder inside it.
 */
export function distDirOf(projectDir: string, stateDir: string): string {
  const path = relative(projectDir, join(stateDir, "next"));
  if (!path.startsWith("..") && !isAbsolute(path)) return path;
  return join(".local", "builds", createHash("sha256").update(stateDir).digest("hex").slice(0, 12));
}

/** Where the stamp of the build in a folder lies, which says of what it was made. */
export function stampOf(projectDir: string, distDir: string): string {
  return join(projectDir, distDir, "shopfloor-inputs");
}

/** Does `work` unless `stamp` says that it was done for these inputs already. */
export async function onceFor(inputs: string, stamp: string, work: () => Promise<void>): Promise<void> {
  if ((await readFile(stamp, "utf8").catch(() => "")) === inputs) return;
  await work();
  await writeFile(stamp, inputs);
}

/** One value for all files that go into the store, its tasks and its first data: any change of them changes it. */
export async function hashOfInputs(projectDir: string): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const path of await inputs(projectDir, "")) {
    hash
      .update(path)
      .update("\0")
      .update(await readFile(join(projectDir, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

async function inputs(projectDir: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(projectDir, folder), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".") || notBuilt.has(entry.name)) return [];
      if (entry.isDirectory()) return inputs(projectDir, path);
      return entry.isFile() && isInput(folder, entry.name) ? [path] : [];
    }),
  );
  return found.flat().sort();
}

function isInput(folder: string, name: string): boolean {
  // Next rewrites next-env.d.ts itself; TypeScript leaves its build info in the root.
  if (folder === "")
    return !/\.md$|^next-env\.d\.ts$|\.tsbuildinfo$|^(vitest|playwright)\.config|^biome|^knip/.test(name);
  return true;
}
