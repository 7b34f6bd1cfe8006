import { notFound } from "next/navigation";
import { privateFile } from "@/app/_server/private-file";
import { route } from "@/app/_server/route";
import { requireStaffActor } from "@/app/_server/session";
import { openLabel } from "@/lib/fulfilment/open-label";
import { idSchema } from "@/lib/ids";

const OrderIdInput = idSchema("order");

/** The label of an order's parcel, through the server: staff only, and never kept by anything in between. */
export const GET = route<{ id: string }>(async (_request, { params }) => {
  const actor = await requireStaffActor();
  const orderId = OrderIdInput.safeParse(params.id).data ?? notFound();
  return privateFile(await openLabel({ actor, orderId }));
});
