import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { Prisma, type StripeWalk } from "@/lib/db/generated/client";
import type { Listed, ListPage, ListPosition } from "@/lib/payments/stripe-lists";

export type WalkSettings = {
  list: string;
  /** A new walk begins no sooner than so long after the last one has ended. */
  everyMs: number;
  /** How far behind the newest object of the last walk this one goes: for what shows late there, or changes afterwards. */
  lookBackMs: number;
  /** What the first walk of all goes back to; null: as far as Stripe lists. */
  firstLookBackMs: number | null;
  pagesMax: number;
};

/**
 * Looks through one of Stripe's lists, from its newest object back to what an earlier walk has seen, at most so many
 * pages at a time: the next call goes on where this one stopped, or died, and what a page held is looked at before the
 * place is noted. Several at once look at some pages twice. True once the walk is at its end.
 *
 * @throws as `read` and `look` do; the place before that page is kept
 */
export async function walkList<Item>(
  settings: WalkSettings,
  now: Date,
  read: (at: ListPosition) => Promise<ListPage<Item>>,
  look: (items: Listed<Item>[]) => Promise<void>,
): Promise<boolean> {
  const { list, everyMs, pagesMax } = settings;
  await db().stripeWalk.createMany({ data: [{ list }], skipDuplicates: true });
  const walk = await db().stripeWalk.findUniqueOrThrow({ where: { list } });
  const isGoingOn = walk.after !== null;
  if (!isGoingOn && walk.finishedAt && now.getTime() - walk.finishedAt.getTime() < everyMs) return true;

  const since = sinceOf(walk, settings, now);
  let { after, goingOn } = walk;
  for (let count = 0; count < pagesMax; count++) {
    const page = await read({ since, after });
    if (page.kind === "gone") {
      [after, goingOn] = [null, null];
      continue;
    }
    goingOn ??= page.items[0]?.createdAt ?? null;
    await look(page.items);
    await crashPoint("reconcile.page-looked");
    after = page.items.at(-1)?.id ?? null;
    if (!page.hasMore) {
      await end(list, goingOn, now);
      return true;
    }
    await db().stripeWalk.update({ where: { list }, data: { after, goingOn } });
  }
  return false;
}

function sinceOf({ seenUntil }: StripeWalk, { lookBackMs, firstLookBackMs }: WalkSettings, now: Date): Date | null {
  if (seenUntil) return new Date(seenUntil.getTime() - lookBackMs);
  return firstLookBackMs === null ? null : new Date(now.getTime() - firstLookBackMs);
}

/** Of two walks that end at once the one that saw more counts. */
async function end(list: string, seenUntil: Date | null, now: Date): Promise<void> {
  await db().$executeRaw(Prisma.sql`
    update stripe_walk set seen_until = greatest(seen_until, ${seenUntil}::timestamptz), going_on = null, after = null,
      finished_at = ${now}
    where list = ${list}`);
}
