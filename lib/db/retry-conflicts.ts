import { setTimeout as sleep } from "node:timers/promises";

const attemptsMax = 5;

/** Does a transaction again, up to five times, when PostgreSQL asks for that; any other error is thrown at once. */
export async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt();
    } catch (error) {
      if (number >= attemptsMax || !isConflict(error)) throw error;
      await sleep(10 * 2 ** number * Math.random());
    }
  }
}

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
