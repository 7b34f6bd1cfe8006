type Json = unknown;
type Container = Record<string, Json> | Json[];

/** Keys may be paths: `$.a.b`, `$.list[0].name`. */
type Keyed =
  | { type: "set"; key: string; value: Json }
  | { type: "delete"; key: string }
  | { type: "append"; key: string; value: Json }
  | { type: "remove"; key: string; value: Json }
  | { type: "increment"; key: string; value: number };

/** One change of a run's metadata. */
export type MetadataOperation = Keyed | { type: "update"; value: Record<string, Json> };

const types = new Set(["set", "delete", "append", "remove", "increment", "update"]);

export function isMetadataOperation(value: unknown): value is MetadataOperation {
  return value !== null && typeof value === "object" && "type" in value && types.has(String(value.type));
}

/** The metadata after the operations; the given object is not changed. A path into the prototype is ignored. */
export function applyOperations(metadata: Record<string, Json>, operations: MetadataOperation[]): Record<string, Json> {
  let result = structuredClone(metadata);
  for (const operation of operations) {
    if (operation.type === "update") {
      result = safeCopy(operation.value);
      continue;
    }
    const path = pathOf(operation.key);
    if (path) applyAt(result, path, operation);
  }
  return result;
}

function applyAt(root: Container, path: string[], operation: Keyed): void {
  const last = path.at(-1) ?? "";
  const holder = holderOf(
    root,
    path.slice(0, -1),
    operation.type === "set" || operation.type === "append" || operation.type === "increment",
  );
  if (!holder) return;
  const current = read(holder, last);
  switch (operation.type) {
    case "set":
      write(holder, last, operation.value);
      break;
    case "delete":
      remove(holder, last);
      break;
    case "append":
      write(holder, last, appended(current, operation.value));
      break;
    case "remove":
      if (Array.isArray(current)) write(holder, last, without(current, operation.value));
      break;
    case "increment":
      write(holder, last, (typeof current === "number" ? current : 0) + operation.value);
      break;
  }
}

function appended(current: Json, value: Json): Json {
  if (current === undefined) return [value];
  return Array.isArray(current) ? [...current, value] : [current, value];
}

function without(list: Json[], value: Json): Json[] {
  const unwanted = JSON.stringify(value);
  return list.filter((item) => JSON.stringify(item) !== unwanted);
}

const forbidden = new Set(["__proto__", "constructor", "prototype"]);

/** "a.b" is one key; "$.a.b" and "$.a[0]" are paths. */
function pathOf(key: string): string[] | undefined {
  const path = key.startsWith("$.")
    ? key
        .slice(2)
        .replaceAll(/\[(\d+)\]/g, ".$1")
        .split(".")
        .filter((part) => part !== "")
    : [key];
  return path.length === 0 || path.some((part) => forbidden.has(part)) ? undefined : path;
}

function holderOf(root: Container, path: string[], create: boolean): Container | undefined {
  let holder = root;
  for (const part of path) {
    const next = read(holder, part);
    if (next !== null && typeof next === "object") holder = next as Container;
    else if (!create) return undefined;
    else {
      const made: Container = {};
      write(holder, part, made);
      holder = made;
    }
  }
  return holder;
}

function read(holder: Container, key: string): Json {
  if (Array.isArray(holder)) return holder[Number(key)];
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

function write(holder: Container, key: string, value: Json): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else holder[key] = value;
}

function remove(holder: Container, key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

function safeCopy(value: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(structuredClone(value)).filter(([key]) => !forbidden.has(key)));
}
