import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";

/**
 * Counts one more under this key and answers how many there are since the first within `windowMs`. Counted in one
 * statement, so that what is sent at once cannot slip through.
 */
export async function countAttempt({
  key,
  windowMs,
  now,
}: {
  key: string;
  windowMs: number;
  now: Date;
}): Promise<number> {
  const time = BigInt(now.getTime());
  const opened = time - BigInt(windowMs);
  const rows = await db().$queryRaw<{ count: number }[]>(Prisma.sql`
    insert into rate_limit as seen (id, key, count, last_request) values (${key}, ${key}, 1, ${time})
    on conflict (key) do update set
      count = case when seen.last_request <= ${opened} then 1 else seen.count + 1 end,
      last_request = case when seen.last_request <= ${opened} then ${time} else seen.last_request end
    returning count`);
  return rows[0]?.count ?? 0;
}
