import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";

declare const inSnapshot: unique symbol;

/** A client that sees the database as it stood at one moment and can change nothing. Only `snapshot()` makes one. */
export type Snapshot = Pick<Prisma.TransactionClient, "$queryRaw" | "$executeRaw"> & { readonly [inSnapshot]: true };

const timeoutMs = 5 * 60_000;

/** Runs `read` on one moment of the database, so that all its figures fit together while the shop goes on trading. */
export function snapshot<T>(read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return db().$transaction(
    async (tx) => {
      await tx.$executeRaw`set transaction read only`;
      return read(tx as unknown as Snapshot);
    },
    { isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead, maxWait: 10_000, timeout: timeoutMs },
  );
}
