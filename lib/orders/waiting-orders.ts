import { Prisma } from "@/lib/db/generated/client";

/** Confirmed, and nobody has to decide first; or over, with a label bought for it that has to be taken back. */
const unpacked = Prisma.sql`(
  (status = 'confirmed' and not exists (
    select 1 from order_review where order_id = "order".id and state <> 'approved'))
  or (status = 'cancelled' and exists (select 1 from shipping_label where order_id = "order".id and state <> 'void')))`;

/** Which orders wait for the store itself, not for a person, and for which work: conditions on "order". */
export const waitingOrders = {
  "order.process": Prisma.sql`payment_status = 'authorized'`,
  "order.fulfil": unpacked,
} as const;
