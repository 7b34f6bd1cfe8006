import { lstatSync, realpathSync } from "node:fs";
import { lchown, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** The account the server runs under. */
export type Owner = { uid: number; gid: number };

const NOBODY: Owner = { uid: 65534, gid: 65534 };

/** PostgreSQL refuses to run as root, so root hands it to `nobody`; anybody else runs it as themselves (undefined). */
export function serverOwner(): Owner | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** Whether `owner` may walk through every folder above `path`: a clone under /root or a temporary folder is often closed. */
export function canReach(path: string, owner: Owner | undefined): boolean {
  if (!owner) return true;
  let folder = resolve(path);
  for (;;) {
    const parent = dirname(folder);
    if (parent === folder) return true;
    folder = parent;
    const real = existing(folder);
    if (!real) continue;
    const { mode, uid } = lstatSync(real);
    const passable = uid === owner.uid ? mode & 0o100 : mode & 0o001;
    if (!passable || (real !== folder && !canReach(real, owner))) return false;
  }
}

function existing(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Gives a folder and all it holds to `owner`; does nothing where the server runs as the caller. */
export async function giveTo(owner: Owner | undefined, path: string): Promise<void> {
  if (!owner) return;
  await lchown(path, owner.uid, owner.gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const entry of await readdir(path)) await giveTo(owner, join(path, entry));
}
