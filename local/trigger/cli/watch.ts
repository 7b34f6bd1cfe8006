import { type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Sources } from "../worker/build/bundle";

const settleMs = 150;
const codeFile = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;
const notWatched = new Set(["node_modules", "dist", "build", "out"]);
/** What decides how the project is built and run, in its own folder. */
const settingsFile = /^(trigger\.config\.[cm]?[jt]s|tsconfig\.json|\.env(\.\w+)*|dev\.vars)$/;

/**
 * Calls `changed` a moment after the last of some changes. Whole folders are watched, not files: editors replace files
 * instead of writing to them. Until it is known what a bundle is made of, all code of the project counts.
 */
export function watchSources(projectDir: string, changed: () => void) {
  let files = new Set<string>();
  let folders = [projectDir];
  let timer: NodeJS.Timeout | undefined;
  const watchers = new Map<string, FSWatcher>();

  const counts = (path: string) =>
    files.has(path) ||
    (dirname(path) === projectDir && settingsFile.test(path.slice(projectDir.length + 1))) ||
    (codeFile.test(path) && folders.some((folder) => path.startsWith(join(folder, "/"))));

  const look = (folder: string, name: string) => {
    const path = join(folder, name);
    const isNewFolder = isSearched(name) && isFolder(path) && folders.some((one) => path.startsWith(join(one, "/")));
    if (isNewFolder) open();
    else if (!counts(path)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, settleMs);
  };

  const open = () => {
    const wanted = new Set([projectDir, ...[...files].map((file) => dirname(file)), ...folders.flatMap(foldersIn)]);
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (watchers.has(folder) || !isFolder(folder)) continue;
      const watcher = watch(folder, (_event, name) => look(folder, name ?? ""));
      watcher.on("error", () => watchers.delete(folder));
      watchers.set(folder, watcher);
    }
  };

  open();
  return {
    update: (sources: Sources) => {
      files = new Set(sources.files.map((file) => resolve(file)));
      folders = sources.folders;
      open();
    },
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The folder and all in it where tasks may be. */
function foldersIn(folder: string): string[] {
  if (!isFolder(folder)) return [];
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isSearched(entry.name))
    .flatMap((entry) => foldersIn(join(folder, entry.name)));
  return [folder, ...inside];
}

function isSearched(name: string): boolean {
  return name !== "" && !name.startsWith(".") && !notWatched.has(name);
}
