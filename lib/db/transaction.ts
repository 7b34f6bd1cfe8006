import { areEffectsWatched, caller, crashPoint } from "@/lib/crash-point";
import { TemporaryError } from "@/lib/errors";
import { connectionsMax, pool } from "./client";
import { Prisma, type PrismaClient } from "./generated/client";
import { retryConflicts } from "./retry-conflicts";
import { takeTurns } from "./take-turns";

declare const inTransaction: unique symbol;

/** A client inside a transaction. Only `transaction()` makes one, so passing the plain client does not compile. */
export type Tx = Prisma.TransactionClient & { readonly [inTransaction]: true };

const lines = new WeakMap<PrismaClient, ReturnType<typeof takeTurns>>();

/**
 * More transactions than connections would only wait for one, and fail where that takes too long. Two connections are
 * left for what is read outside of them. Nobody waits longer than a person would.
 */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const connections = pool();
  const line = lines.get(connections) ?? takeTurns({ atOnce: connectionsMax - 2, waitMaxMs: 15_000 });
  lines.set(connections, line);
  return line(work);
}

/** Prisma's own limits: a free connection was waited for, or the transaction held open, for too long. */
function isOutOfTime(error: unknown): error is Error {
  // The code alone also stands for a transaction that is used after its end, which is a bug.
  const isOurs = error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2028";
  return isOurs && /Unable to start a transaction|expired transaction/.test(error.message);
}

/**
 * Runs `work` in one transaction (read committed): all of it is kept, or nothing.
 *
 * A deadlock or serialization conflict is tried again, up to five times, so `work` must be safe to run twice: no
 * network inside, no effects outside the database, and no other transaction. When very many are asked for at once they
 * follow each other.
 *
 * @throws TemporaryError when it had to wait too long for its turn, or the work took too long: nothing was kept
 */
export function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const by = areEffectsWatched() ? caller() : "";
  return inTurn(() => tryTransaction(work, by));
}

async function tryTransaction<T>(work: (tx: Tx) => Promise<T>, by: string): Promise<T> {
  try {
    return await retryConflicts(() => (areEffectsWatched() ? commitWatched(work, by) : commit(work)));
  } catch (error) {
    if (!isOutOfTime(error)) throw error;
    throw new TemporaryError({ vendor: "postgres", message: error.message, cause: error });
  }
}

function commit<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return pool().$transaction((tx) => work(tx as Tx), { maxWait: 10_000, timeout: 30_000 });
}

/** For tests: the last moment before the commit, with everything written and nothing kept, and the first one after it. */
async function commitWatched<T>(work: (tx: Tx) => Promise<T>, by: string): Promise<T> {
  const result = await commit(async (tx) => {
    const done = await work(tx);
    await crashPoint(`${by}: before commit`);
    return done;
  });
  await crashPoint(`${by}: after commit`);
  return result;
}

/** True for a broken unique constraint: somebody else was first. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
