import type { Change as DescribedChange } from "@/lib/catalog/describe-changes";
import type { PastOrderInput } from "@/lib/history/past-order";
import {
  comparePastOrders,
  removePastOrders,
  type SavedPastOrder,
  savePastOrders,
} from "@/lib/history/save-past-orders";
import { format, money } from "@/lib/money/money";
import type { Change, ImportKind, Refusal, Saved } from "../kinds/import-kind";
import { orderFields } from "./fields";
import { readOrders } from "./read-orders";
import { requireWhole } from "./require-whole";

/** Orders and refunds from before the shop moved here. They are history: no stock, no Stripe, and never changed. */
export const ordersKind: ImportKind<PastOrderInput[]> = {
  title: "Past orders",
  about:
    "Orders from before the shop moved here: a table with one row for each line, such as Shopify's order export. Nothing is charged, no stock moves, nobody gets a mail.",
  fields: orderFields,
  read: readOrders,
  async save(tx, orders, context) {
    const results = await savePastOrders(tx, orders, context);
    return results.map(({ outcomes, added }, index) => {
      const result = toResult(orders[index] ?? [], outcomes);
      return result.outcome === "refused" ? result : { ...result, changes: added.map(asNew) };
    });
  },
  async preview(tx, orders, { importId }) {
    const results = await comparePastOrders(tx, orders);
    const added = orders.flatMap((group, index) => {
      const outcomes = results[index] ?? [];
      return outcomes.includes("other") ? [] : group.filter((_, at) => outcomes[at] === "created");
    });
    await requireWhole(tx, { orders: orders.flat(), added, importId });
    return results.map((outcomes, index) => {
      const documents = orders[index] ?? [];
      const result = toResult(documents, outcomes);
      return result.outcome === "refused" ? result : { ...result, describe: () => describe(documents, outcomes) };
    });
  },
  /** History does not change, so whatever is there is as the import left it. */
  async undo(tx, changes, { importId }) {
    await removePastOrders(tx, { ids: changes.map(({ subject }) => subject), importId });
    return changes.map(() => null);
  },
  nameOf: ([first]) => ({ handle: first?.number ?? "", title: first?.email ?? first?.name ?? first?.customer ?? "" }),
};

const asNew = (subject: string): Change => ({ subject, before: null });

function toResult(documents: readonly PastOrderInput[], outcomes: readonly SavedPastOrder[]): Saved | Refusal {
  const [first] = documents;
  if (outcomes.includes("other"))
    return {
      outcome: "refused",
      reason: `Order ${first?.number} is there already and says something else. Past orders are not changed.`,
    };
  const isNew = outcomes[0] === "created";
  const outcome = isNew ? "created" : outcomes.includes("created") ? "updated" : "unchanged";
  return { outcome, adjusted: [] };
}

function describe(documents: readonly PastOrderInput[], outcomes: readonly SavedPastOrder[]): DescribedChange[] {
  return documents.flatMap((order, index) => {
    if (outcomes[index] !== "created") return [];
    const what = order.kind === "sale" ? "Sold" : "Given back";
    const day = order.placedAt.toISOString().slice(0, 10);
    const pieces = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const to = `${format(money(order.totalAmount, order.currency))} on ${day}, ${pieces.toLocaleString("en-IE")} pieces`;
    return [{ what, from: "", to }];
  });
}
