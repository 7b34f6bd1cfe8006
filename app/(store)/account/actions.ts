"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { chooseDefaultCard } from "@/lib/cards/choose-default-card";
import { removeCard } from "@/lib/cards/remove-card";
import { CardInput } from "@/lib/cards/schema";
import { routes } from "@/lib/routes";

export const removeCardAction = action(CardInput, async ({ cardId }, { actor }) => {
  revalidatePath(routes.account());
  await removeCard({ actor, cardId });
});

export const chooseDefaultCardAction = action(CardInput, async ({ cardId }, { actor }) => {
  revalidatePath(routes.account());
  await chooseDefaultCard({ actor, cardId });
});
