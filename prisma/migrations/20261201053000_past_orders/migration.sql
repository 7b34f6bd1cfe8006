-- Orders from before the shop moved here.
-- CreateEnum
CREATE TYPE "past_order_kind" AS ENUM ('sale', 'refund');

-- CreateEnum
CREATE TYPE "past_order_line_kind" AS ENUM ('product', 'fee');

-- CreateTable
CREATE TABLE "past_order" (
    "id" TEXT NOT NULL,
    "kind" "past_order_kind" NOT NULL,
    "number" TEXT NOT NULL,
    "import_id" TEXT,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "email" TEXT,
    "customer" TEXT,
    "name" TEXT,
    "country" CHAR(2),
    "currency" CHAR(3) NOT NULL,
    "subtotal_amount" INTEGER NOT NULL,
    "discount_amount" INTEGER NOT NULL,
    "discount_code" TEXT,
    "shipping_amount" INTEGER NOT NULL,
    "shipping_name" TEXT,
    "tax_amount" INTEGER NOT NULL,
    "tax_included" BOOLEAN NOT NULL,
    "total_amount" INTEGER NOT NULL,
    "checksum" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "past_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "past_order_line" (
    "order_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "past_order_line_kind" NOT NULL,
    "sku" TEXT,
    "title" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_price_amount" INTEGER NOT NULL,
    "discount_amount" INTEGER NOT NULL,
    "tax_amount" INTEGER NOT NULL,
    "total_amount" INTEGER NOT NULL,

    CONSTRAINT "past_order_line_pkey" PRIMARY KEY ("order_id","position")
);

-- CreateIndex
CREATE INDEX "past_order_placed_at_idx" ON "past_order"("placed_at");

-- CreateIndex
CREATE INDEX "past_order_email_idx" ON "past_order"("email");

-- CreateIndex
CREATE INDEX "past_order_import_id_idx" ON "past_order"("import_id");

-- CreateIndex
CREATE UNIQUE INDEX "past_order_kind_number_key" ON "past_order"("kind", "number");

-- AddForeignKey
ALTER TABLE "past_order" ADD CONSTRAINT "past_order_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "import"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "past_order_line" ADD CONSTRAINT "past_order_line_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "past_order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say.
ALTER TABLE "past_order" ADD CONSTRAINT "past_order_total" CHECK (
  "subtotal_amount" >= 0 AND "shipping_amount" >= 0 AND "tax_amount" >= 0 AND "total_amount" >= 0
  AND 0 <= "discount_amount" AND "discount_amount" <= "subtotal_amount"
  AND "total_amount" = "subtotal_amount" - "discount_amount" + "shipping_amount"
    + CASE WHEN "tax_included" THEN 0 ELSE "tax_amount" END
  AND (NOT "tax_included" OR "tax_amount" <= "total_amount"));
ALTER TABLE "past_order_line" ADD CONSTRAINT "past_order_line_total" CHECK (
  "quantity" > 0 AND "unit_price_amount" >= 0 AND "tax_amount" >= 0 AND "total_amount" >= 0
  AND 0 <= "discount_amount" AND "discount_amount" <= "unit_price_amount"::bigint * "quantity");
