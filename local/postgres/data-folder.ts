import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { canReach, giveTo, type Owner } from "./owner";

const PASSWORD_FILE = "shopfloor-password";

/**
 * The real folder behind `dataDir`, made when absent. Where the server's account cannot reach it, `dataDir` becomes a
 * link to a folder under /var/tmp that it can: data outlives restarts there.
 */
export async function openDataFolder(
  dataDir: string,
  owner: Owner | undefined,
  say: (line: string) => void,
): Promise<string> {
  const wanted = resolve(dataDir);
  if (existsSync(wanted)) {
    const real = realpathSync(wanted);
    if (canReach(real, owner)) return real;
    throw new Error(
      `PostgreSQL (uid ${owner?.uid}) cannot reach its data in ${real}. Open the folders above it (chmod o+x) or delete it.`,
    );
  }
  await mkdir(dirname(wanted), { recursive: true });
  if (canReach(wanted, owner)) return join(realpathSync(dirname(wanted)), basename(wanted));

  const shelter = await mkdtemp(join(existsSync("/var/tmp") ? "/var/tmp" : tmpdir(), "shopfloor-"));
  await chmod(shelter, 0o711);
  const real = join(shelter, "postgres");
  await rm(wanted, { force: true });
  await symlink(real, wanted);
  say(`${wanted} cannot be reached by uid ${owner?.uid}: PostgreSQL keeps its data in ${real}`);
  return real;
}

/** Deletes the data and whatever was put elsewhere for it. The server must not be running. */
export async function removeDataFolder(dataDir: string): Promise<void> {
  const target = await readlink(dataDir).catch(() => undefined);
  if (target?.includes("shopfloor-")) await rm(dirname(target), { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

/**
 * Makes a cluster in `folder` unless there is one, and returns the password of its superuser. A crash half-way leaves
 * nothing that looks finished.
 */
export async function initialise(folder: string, initdb: string, owner: Owner | undefined): Promise<string> {
  if (!existsSync(folder)) {
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    const passwordFile = `${unfinished}.password`;
    const password = randomBytes(24).toString("hex");
    await writeFile(passwordFile, password, { mode: 0o600 });
    await giveTo(owner, unfinished);
    await giveTo(owner, passwordFile);
    runInitdb(initdb, unfinished, passwordFile, owner);
    await rename(passwordFile, join(unfinished, PASSWORD_FILE));
    await rename(unfinished, folder);
  }
  return readFile(join(folder, PASSWORD_FILE), "utf8");
}

function runInitdb(initdb: string, folder: string, passwordFile: string, owner: Owner | undefined): void {
  const result = spawnSync(
    initdb,
    [
      `--pgdata=${folder}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      // Every account of the machine can reach loopback, so even here a password is asked.
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-sync",
    ],
    { ...owner, cwd: dirname(folder), encoding: "utf8" },
  );
  if (result.status === 0) return;
  throw new Error(`initdb failed: ${result.error?.message ?? result.stderr.trim()}`);
}
