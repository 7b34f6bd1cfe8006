import { log } from "@/lib/log";
import type { Compared } from "./compared";

/** Looks at one after the other: one that cannot be mended now is left for the next walk and holds up no other. */
export async function eachOf<Item>(
  items: readonly Item[],
  look: (item: Item) => Promise<keyof Compared | "same">,
): Promise<Compared> {
  const compared: Compared = { repaired: 0, raised: 0, failed: 0 };
  for (const item of items) {
    const outcome = await look(item).catch((error: unknown) => {
      log.warn("reconcile.failed", { reason: error instanceof Error ? error.message : String(error) });
      return "failed" as const;
    });
    if (outcome !== "same") compared[outcome] += 1;
  }
  return compared;
}
