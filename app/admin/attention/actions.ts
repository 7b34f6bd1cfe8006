"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { resolveFinding } from "@/lib/findings/resolve-finding";
import { ResolveFindingInput } from "@/lib/findings/schema";
import { routes } from "@/lib/routes";

export const resolveFindingAction = action(ResolveFindingInput, async (input, { actor }) => {
  await resolveFinding({ actor, ...input, now: new Date() });
  // Its count stands beside the menu of every page.
  revalidatePath(routes.admin(), "layout");
});
