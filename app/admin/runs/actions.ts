"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { requireStaff } from "@/lib/accounts/actor";
import { idSchema } from "@/lib/ids";
import { routes } from "@/lib/routes";
import { cancelRun } from "@/lib/runs/cancel-run";
import { replayRun } from "@/lib/runs/replay-run";
import { accessToRun, accessToTag } from "@/lib/runs/run-access";
import { RunInput } from "@/lib/runs/schema";
import { orderRunTag, storeRunTag } from "@/lib/runs/tags";

const storeAccess = action(z.object({}), async (_input, { actor }) => {
  requireStaff(actor);
  return accessToTag(storeRunTag);
});

/** A token to watch every run of the store. */
export async function storeRunAccessAction() {
  return storeAccess({});
}

/** A token to watch the runs of one order. */
export const staffOrderRunAccessAction = action(
  z.object({ orderId: idSchema("order") }),
  async ({ orderId }, { actor }) => {
    requireStaff(actor);
    return accessToTag(orderRunTag(orderId));
  },
);

/** A token to watch one run. */
export const runAccessAction = action(RunInput, async ({ runId }, { actor }) => {
  requireStaff(actor);
  return accessToRun(runId);
});

export const cancelRunAction = action(RunInput, async ({ runId }, { actor }) => {
  await cancelRun({ actor, runId, now: new Date() });
  redirect(routes.adminRun(runId));
});

export const replayRunAction = action(RunInput, async ({ runId }, { actor }) => {
  redirect(routes.adminRun(await replayRun({ actor, runId, now: new Date() })));
});
