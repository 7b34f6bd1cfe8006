import { randomUUID } from "node:crypto";
import type { Database } from "../db/database";
import type { RunChange } from "../db/listener";
import type { Run } from "../engine/run";

/** Which runs a subscription shows. */
export type ShapeFilter =
  | { kind: "run"; id: string }
  | { kind: "tags"; tags: string[]; createdAfter: Date }
  | { kind: "batch"; id: string };

export type ShapeChange = { run: Run; operation: "insert" | "update" };

/** Which version of a run was in which answer. */
type Sent = { version: number; answer: number };

/** What one subscriber has been sent. Its answers are counted, so that it can say which of them it has. */
export type Shape = { handle: string; filter: ShapeFilter; sent: Map<string, Sent>; answers: number; usedAt: number };

const idleMs = 5 * 60_000;
const shapesMax = 5_000;
/** Versions are given out before commit, so a smaller one may become visible later; further behind than this it can not be. */
const lateVersions = 10_000;

/**
 * Remembers for a while what each subscriber has seen. Losing it (a restart) is harmless: an unknown handle gets
 * everything again, and rows are whole, so seeing one twice changes nothing.
 */
export class ShapeStore {
  readonly #shapes = new Map<string, Shape>();

  find(handle: string | undefined, filter: ShapeFilter): Shape | undefined {
    const shape = handle === undefined ? undefined : this.#shapes.get(handle);
    if (!shape || sameRuns(shape.filter) !== sameRuns(filter)) return undefined;
    shape.usedAt = Date.now();
    return shape;
  }

  create(filter: ShapeFilter): Shape {
    this.#forgetIdle();
    const shape = {
      handle: `${filter.kind}_${randomUUID()}`,
      filter,
      sent: new Map<string, Sent>(),
      answers: 0,
      usedAt: Date.now(),
    };
    this.#shapes.set(shape.handle, shape);
    return shape;
  }

  #forgetIdle(): void {
    const oldest = Date.now() - idleMs;
    for (const [handle, shape] of this.#shapes) {
      if (shape.usedAt < oldest || this.#shapes.size > shapesMax) this.#shapes.delete(handle);
    }
  }
}

function sameRuns(filter: ShapeFilter): string {
  if (filter.kind === "tags") return `tags:${JSON.stringify(filter.tags)}`;
  return `${filter.kind}:${filter.id}`;
}

/** Whether a change may matter to the shape. */
export function concerns({ filter, sent }: Shape, change: RunChange): boolean {
  if (sent.has(change.r)) return true;
  if (filter.kind === "run") return change.r === filter.id;
  if (filter.kind === "batch") return change.b === filter.id;
  return change.t === null || filter.tags.every((tag) => change.t?.includes(tag));
}

/** The place of the newest answer, as the subscriber gives it back: greatest version, number of the answer. */
export function offsetOf(shape: Shape): string {
  return `${newestVersion(shape)}_${shape.answers}`;
}

/** Takes back what was in answers the subscriber never got: it repeats the place it had before them. */
export function forgetAfter(shape: Shape, offset: string | undefined): void {
  const received = Number(/^\d+_(\d+)$/.exec(offset ?? "")?.[1] ?? 0);
  for (const [id, { answer }] of shape.sent) if (answer > received) shape.sent.set(id, { version: 0, answer });
}

function newestVersion({ sent }: Shape): number {
  let newest = 0;
  for (const { version } of sent.values()) newest = Math.max(newest, version);
  return newest;
}

/** Rows the subscriber has not seen in this version. Marks them as seen with the next answer. */
export async function takeChanges(db: Pick<Database, "query">, shape: Shape): Promise<ShapeChange[]> {
  const isBehind = [...shape.sent.values()].some(({ version }) => version === 0);
  const after = isBehind ? 0 : Math.max(0, newestVersion(shape) - lateVersions);
  const runs = await db.query<Run>(...queryFor(shape.filter, after));
  const changed = runs.filter((run) => shape.sent.get(run.id)?.version !== run.version);
  if (changed.length > 0) shape.answers += 1;
  return changed.map((run) => {
    const operation = shape.sent.has(run.id) ? "update" : "insert";
    shape.sent.set(run.id, { version: run.version, answer: shape.answers });
    return { run, operation };
  });
}

function queryFor(filter: ShapeFilter, after: number): [text: string, values: unknown[]] {
  if (filter.kind === "run") return ["select * from run where id = $1 and version > $2", [filter.id, after]];
  if (filter.kind === "batch") {
    return [
      "select run.* from run where version > $2 and (batch_id = $1 or id in (select run_id from batch_item where batch_item.batch_id = $1)) order by version",
      [filter.id, after],
    ];
  }
  return [
    `select * from run where tags @> $1 ${filter.tags.length > 0 ? "and tags <> '{}'" : ""} and created_at >= $3 and version > $2 order by version`,
    [filter.tags, after, filter.createdAfter],
  ];
}
