import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";

/** Folders of the project that do not go into a build of the store. */
const notBuilt = new Set(["node_modules", "local", "tests", "bench", "docs", "migrations", "test-results"]);

/**
 * Where Next puts a world's build, relative to the project as Next wants it. Each world has its own, because a running
 * store also writes there. A state outside the project gets a folder inside it.
 */
export function distDirOf(projectDir: string, stateDir: string): string {
  const path = relative(projectDir, join(stateDir, "next"));
  if (!path.startsWith("..") && !isAbsolute(path)) return path;
  return join(".local", "builds", createHash("sha256").update(stateDir).digest("hex").slice(0, 12));
}

/** Runs `build` unless the build in `distDir` was made from the same files. Returns whether it had to. */
export async function buildIfChanged(projectDir: string, distDir: string, build: () => Promise<void>) {
  const stamp = join(projectDir, distDir, "shopfloor-inputs");
  const inputs = await hashOfInputs(projectDir);
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === inputs) return false;
  await build();
  await writeFile(stamp, inputs);
  return true;
}

async function hashOfInputs(projectDir: string): Promise<string> {
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
