-- The tax in a refund is decided when the refund is made, and kept.
-- AlterTable
ALTER TABLE "refund" ADD COLUMN     "shipping_tax_amount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "tax_amount" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "refund_line" ADD COLUMN     "tax_amount" INTEGER NOT NULL DEFAULT 0;

-- Refunds from before: in proportion to what was paid for the part, halves up.
UPDATE "refund_line" SET "tax_amount" = least("refund_line"."amount", (2 * line."tax_amount"::bigint * "refund_line"."amount" + line."total_amount") / (2 * line."total_amount"::bigint))
FROM "order_line" line WHERE line."id" = "refund_line"."order_line_id" AND line."total_amount" > 0;

UPDATE "refund" SET "shipping_tax_amount" = least("refund"."shipping_amount", (2 * "order"."shipping_tax_amount"::bigint * "refund"."shipping_amount" + "order"."shipping_amount") / (2 * "order"."shipping_amount"::bigint))
FROM "order" WHERE "order"."id" = "refund"."order_id" AND "order"."shipping_amount" > 0;

-- What is for no part: in proportion to the order.
UPDATE "refund" SET "tax_amount" = part."tax" + least(part."plain", (2 * "order"."tax_amount"::bigint * part."plain" + "order"."total_amount") / (2 * "order"."total_amount"::bigint))
FROM "order", (
  SELECT one."id", one."shipping_tax_amount" + coalesce(sum(line."tax_amount"), 0) AS "tax",
         greatest(0, one."amount" - one."shipping_amount" - coalesce(sum(line."amount"), 0)) AS "plain"
  FROM "refund" one LEFT JOIN "refund_line" line ON line."refund_id" = one."id" GROUP BY one."id") part
WHERE part."id" = "refund"."id" AND "order"."id" = "refund"."order_id" AND "order"."total_amount" > 0;

-- Of an order that is given back as a whole the last refund has what rounding left, as far as the money allows.
UPDATE "refund" SET "tax_amount" = greatest(part."tax", least("refund"."amount", "refund"."tax_amount" + gap."tax"))
FROM (
  SELECT "order"."id", "order"."tax_amount" - sum(one."tax_amount") AS "tax", max(one."created_at" || one."id") AS "last"
  FROM "order" JOIN "refund" one ON one."order_id" = "order"."id" AND one."state" NOT IN ('failed', 'canceled')
  GROUP BY "order"."id" HAVING sum(one."amount") = "order"."total_amount" AND sum(one."tax_amount") <> "order"."tax_amount") gap, (
  SELECT one."id", one."shipping_tax_amount" + coalesce(sum(line."tax_amount"), 0) AS "tax"
  FROM "refund" one LEFT JOIN "refund_line" line ON line."refund_id" = one."id" GROUP BY one."id") part
WHERE gap."id" = "refund"."order_id" AND part."id" = "refund"."id" AND "refund"."created_at" || "refund"."id" = gap."last";

-- What Prisma's schema cannot say.
ALTER TABLE "refund" ADD CONSTRAINT "refund_tax_in_amount" CHECK (0 <= "shipping_tax_amount" AND "shipping_tax_amount" <= "shipping_amount" AND "shipping_tax_amount" <= "tax_amount" AND "tax_amount" <= "amount");
ALTER TABLE "refund_line" ADD CONSTRAINT "refund_line_tax_in_amount" CHECK (0 <= "tax_amount" AND "tax_amount" <= "amount");
