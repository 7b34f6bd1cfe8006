import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** Values of one kind by id, in the order in which the ids first appeared. Values are never changed in place: put a new one. */
export type Collection<T> = {
  get(id: string): T | undefined;
  put(id: string, value: T): void;
  delete(id: string): void;
  values(): T[];
  clear(): void;
};

export type Journal = {
  /** The same name always gives the same values; what `T` is, is the caller's promise. */
  collection<T>(name: string): Collection<T>;
  /** Writes everything changed since the last commit as one line: after a crash all of it is there, or none. */
  commit(): void;
  /** Forgets everything changed since the last commit. */
  discard(): void;
  /** Closes the file. Uncommitted changes are not written. */
  close(): void;
};

type Change = { c: string; k: string; v?: unknown };
type Values = Map<string, Map<string, unknown>>;

/**
 * Opens a small store of JSON values kept in memory and written through to one NDJSON file, which it
 * replays (dropping a last line that a crash cut short) and compacts first. A committed change survives
 * `kill -9` of the process. One process at a time may have the file open.
 */
export function openJournal(file: string): Journal {
  mkdirSync(dirname(file), { recursive: true });
  const values = replay(file);
  let size = compact(file, values);
  const fd = openSync(file, "a");
  /** What each touched entry was before, so that a commit knows what to write and a discard what to restore. */
  const before = new Map<string, { c: string; k: string; had: boolean; v: unknown }>();

  const entriesOf = (name: string) => {
    const found = values.get(name) ?? new Map<string, unknown>();
    values.set(name, found);
    return found;
  };
  const touch = (c: string, k: string) => {
    const key = JSON.stringify([c, k]);
    const entries = entriesOf(c);
    if (!before.has(key)) before.set(key, { c, k, had: entries.has(k), v: entries.get(k) });
  };

  return {
    collection<T>(name: string): Collection<T> {
      return {
        get: (id) => entriesOf(name).get(id) as T | undefined,
        put: (id, value) => {
          touch(name, id);
          entriesOf(name).set(id, value);
        },
        delete: (id) => {
          touch(name, id);
          entriesOf(name).delete(id);
        },
        values: () => [...entriesOf(name).values()] as T[],
        clear: () => {
          for (const id of entriesOf(name).keys()) touch(name, id);
          entriesOf(name).clear();
        },
      };
    },
    commit() {
      if (before.size === 0) return;
      const changes = [...before.values()].map(({ c, k }): Change => ({ c, k, v: entriesOf(c).get(k) }));
      const line = `${JSON.stringify(changes)}\n`;
      try {
        appendFileSync(fd, line);
      } catch (error) {
        // A half-written line in the middle would spoil the next one; only the last may be torn.
        ftruncateSync(fd, size);
        throw error;
      }
      size += Buffer.byteLength(line);
      before.clear();
    },
    discard() {
      for (const { c, k, had, v } of before.values()) {
        if (had) entriesOf(c).set(k, v);
        else entriesOf(c).delete(k);
      }
      before.clear();
    },
    close: () => closeSync(fd),
  };
}

function replay(file: string): Values {
  const values: Values = new Map();
  if (!existsSync(file)) return values;
  const lines = readFileSync(file, "utf8").split("\n");
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    // A whole line ends in a newline, so what follows the last newline was cut short by a crash.
    if (index === lines.length - 1) break;
    for (const change of parseLine(file, index + 1, line)) {
      const entries = values.get(change.c) ?? new Map<string, unknown>();
      values.set(change.c, entries);
      if (change.v === undefined) entries.delete(change.k);
      else entries.set(change.k, change.v);
    }
  }
  return values;
}

function parseLine(file: string, lineNumber: number, line: string): Change[] {
  try {
    return JSON.parse(line) as Change[];
  } catch (cause) {
    throw new Error(
      `${file}, line ${lineNumber}, is not JSON: the file was changed by hand or by two processes at once. Delete it to start empty.`,
      { cause },
    );
  }
}

/** Writes the values as a new file beside the old one and swaps them, so that a crash leaves one or the other. Returns its bytes. */
function compact(file: string, values: Values): number {
  const lines: string[] = [];
  for (const [c, entries] of values) {
    for (const [k, v] of entries) lines.push(`${JSON.stringify([{ c, k, v } satisfies Change])}\n`);
  }
  const text = lines.join("");
  const fresh = `${file}.new`;
  const fd = openSync(fresh, "w");
  writeFileSync(fd, text);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(fresh, file);
  return Buffer.byteLength(text);
}
