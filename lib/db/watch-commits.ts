import { caller, effect } from "@/lib/crash-point";
import type { PrismaClient } from "./generated/client";

const writes = /^(create|update|delete|upsert|\$executeRaw)/;

/** For tests: each statement that changes something by itself, outside of a transaction, is a commit to die around. */
export function watchCommits(client: PrismaClient): PrismaClient {
  const by = caller();
  const watched = client.$extends({
    query: {
      $allOperations: ({ operation, args, query }) => {
        const changes = writes.test(operation) || (operation === "$queryRaw" && isChange(args));
        return changes ? effect("commit", () => query(args), by) : query(args);
      },
    },
  });
  return watched as unknown as PrismaClient; // the same methods; only result types of extensions would differ
}

function isChange(args: unknown): boolean {
  const { sql = "" } = args as { sql?: string };
  return /^\s*(insert|update|delete)/i.test(sql);
}
