import { setTimeout as sleep } from "node:timers/promises";
import { TemporaryError } from "@/lib/errors";
import { db } from "./client";
import { Prisma } from "./generated/client";

declare const inTransaction: unique symbol;

/** A client inside a transaction. Only `transaction()` makes one, so passing the plain client does not compile. */
export type Tx = Prisma.TransactionClient & { readonly [inTransaction]: true };

const attemptsMax = 5;

/** Postgres asks to try again: serialization failure and deadlock, as themselves or as Prisma's P2034. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return (
    code === "P2034" ||
    code === "40001" ||
    code === "40P01" ||
    /\b(40001|40P01)\b|deadlock detected/.test(error.message)
  );
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
 * network inside, no effects outside the database.
 *
 * @throws TemporaryError when no connection became free in time, or the work took too long: nothing was kept.
 */
export async function transaction<T>(
  work: (tx: Tx) => Promise<T>,
  { waitMaxMs = 10_000 }: { waitMaxMs?: number } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db().$transaction((tx) => work(tx as Tx), { maxWait: waitMaxMs, timeout: 30_000 });
    } catch (error) {
      if (isOutOfTime(error)) throw new TemporaryError({ vendor: "postgres", message: error.message, cause: error });
      if (attempt >= attemptsMax || !isConflict(error)) throw error;
      await sleep(10 * 2 ** attempt * Math.random());
    }
  }
}

/** True for a broken unique constraint: somebody else was first. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
