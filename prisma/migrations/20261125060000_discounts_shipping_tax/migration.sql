-- CreateEnum
CREATE TYPE "discount_kind" AS ENUM ('percent', 'fixed_amount', 'free_shipping');

-- AlterTable
ALTER TABLE "cart" ADD COLUMN     "discount_code" TEXT;

-- AlterTable
ALTER TABLE "order" ADD COLUMN     "discount_amount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "discount_code" TEXT,
ADD COLUMN     "discount_id" TEXT,
ADD COLUMN     "shipping_rate_id" TEXT,
ADD COLUMN     "shipping_rate_name" TEXT,
ADD COLUMN     "shipping_tax_amount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "shipping_tax_basis_points" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "tax_amount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "tax_included" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "tax_name" TEXT;

-- AlterTable
ALTER TABLE "order_line" ADD COLUMN     "discount_amount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "tax_amount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "tax_rate_basis_points" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "store_settings" ADD COLUMN     "prices_include_tax" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "shipping_zone" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "shipping_zone_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shipping_zone_country" (
    "country" CHAR(2) NOT NULL,
    "zone_id" TEXT NOT NULL,

    CONSTRAINT "shipping_zone_country_pkey" PRIMARY KEY ("country")
);

-- CreateTable
CREATE TABLE "shipping_rate" (
    "id" TEXT NOT NULL,
    "zone_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "free_from_amount" INTEGER,
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "shipping_rate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tax_rate" (
    "id" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "product_type" TEXT,
    "name" TEXT NOT NULL,
    "basis_points" INTEGER NOT NULL,
    "applies_to_shipping" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "tax_rate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "discount" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "kind" "discount_kind" NOT NULL,
    "value" INTEGER NOT NULL DEFAULT 0,
    "currency" CHAR(3),
    "minimum_subtotal_amount" INTEGER,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "usage_max" INTEGER,
    "used_count" INTEGER NOT NULL DEFAULT 0,
    "once_per_email" BOOLEAN NOT NULL DEFAULT false,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "discount_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "discount_use" (
    "order_id" TEXT NOT NULL,
    "discount_id" TEXT NOT NULL,
    "email" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "discount_use_pkey" PRIMARY KEY ("order_id")
);

-- CreateIndex
CREATE INDEX "shipping_zone_country_zone_id_idx" ON "shipping_zone_country"("zone_id");

-- CreateIndex
CREATE UNIQUE INDEX "shipping_rate_zone_id_position_key" ON "shipping_rate"("zone_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "discount_code_key" ON "discount"("code");

-- CreateIndex
CREATE UNIQUE INDEX "discount_use_discount_id_email_key" ON "discount_use"("discount_id", "email");

-- CreateIndex
CREATE INDEX "order_discount_id_idx" ON "order"("discount_id");

-- CreateIndex
CREATE INDEX "order_shipping_rate_id_idx" ON "order"("shipping_rate_id");

-- AddForeignKey
ALTER TABLE "shipping_zone_country" ADD CONSTRAINT "shipping_zone_country_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "shipping_zone"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shipping_rate" ADD CONSTRAINT "shipping_rate_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "shipping_zone"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "discount_use" ADD CONSTRAINT "discount_use_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "discount_use" ADD CONSTRAINT "discount_use_discount_id_fkey" FOREIGN KEY ("discount_id") REFERENCES "discount"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order" ADD CONSTRAINT "order_discount_id_fkey" FOREIGN KEY ("discount_id") REFERENCES "discount"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order" ADD CONSTRAINT "order_shipping_rate_id_fkey" FOREIGN KEY ("shipping_rate_id") REFERENCES "shipping_rate"("id") ON DELETE SET NULL ON UPDATE CASCADE;


-- A store that is open already goes on as it did: one flat rate to every country it shipped to, and no tax.
INSERT INTO "shipping_zone" ("id", "name", "position")
  SELECT 'zone_00000000000000000000000001', 'Everywhere', 1 FROM "store_settings";
INSERT INTO "shipping_zone_country" ("country", "zone_id")
  SELECT unnest(string_to_array('AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK AU CA JP NZ US', ' ')), "id"
  FROM "shipping_zone";
INSERT INTO "shipping_rate" ("id", "zone_id", "position", "name", "amount", "currency", "free_from_amount")
  SELECT 'rate_00000000000000000000000001', 'zone_00000000000000000000000001', 1, 'Standard', "shipping_amount", "currency", "free_shipping_from_amount"
  FROM "store_settings";

-- AlterTable
ALTER TABLE "store_settings" DROP COLUMN "free_shipping_from_amount",
DROP COLUMN "shipping_amount";


-- What the schema language cannot say. These decide races; checks in the application only give good messages.
ALTER TABLE "shipping_zone_country" ADD CONSTRAINT "shipping_zone_country_code" CHECK ("country" ~ '^[A-Z]{2}$');
ALTER TABLE "shipping_rate" ADD CONSTRAINT "shipping_rate_not_negative" CHECK ("amount" >= 0 AND "free_from_amount" >= 0);
ALTER TABLE "tax_rate" ADD CONSTRAINT "tax_rate_in_bounds" CHECK ("country" ~ '^[A-Z]{2}$' AND "basis_points" BETWEEN 0 AND 10000);
-- Shipping is taxed at the country's standard rate.
ALTER TABLE "tax_rate" ADD CONSTRAINT "tax_rate_of_shipping" CHECK ("product_type" IS NULL OR NOT "applies_to_shipping");
CREATE UNIQUE INDEX "tax_rate_standard" ON "tax_rate" ("country") WHERE "product_type" IS NULL;
CREATE UNIQUE INDEX "tax_rate_of_type" ON "tax_rate" ("country", "product_type") WHERE "product_type" IS NOT NULL;

-- Upper case, so that the unique index tells no two spellings of a code apart.
ALTER TABLE "discount" ADD CONSTRAINT "discount_code_spelling" CHECK ("code" ~ '^[A-Z0-9][A-Z0-9_-]{0,39}$');
ALTER TABLE "discount" ADD CONSTRAINT "discount_value_of_kind" CHECK (
  CASE "kind"
    WHEN 'percent' THEN "value" BETWEEN 1 AND 10000
    WHEN 'fixed_amount' THEN "value" > 0 AND "currency" IS NOT NULL
    WHEN 'free_shipping' THEN "value" = 0
  END);
ALTER TABLE "discount" ADD CONSTRAINT "discount_minimum_has_currency" CHECK ("minimum_subtotal_amount" IS NULL OR ("minimum_subtotal_amount" >= 0 AND "currency" IS NOT NULL));
ALTER TABLE "discount" ADD CONSTRAINT "discount_starts_before_it_ends" CHECK ("starts_at" < "ends_at");
ALTER TABLE "discount" ADD CONSTRAINT "discount_used_within_max" CHECK (0 <= "used_count" AND "used_count" <= "usage_max");

ALTER TABLE "order_line" DROP CONSTRAINT "order_line_total";
ALTER TABLE "order_line" ADD CONSTRAINT "order_line_total" CHECK (
  "quantity" > 0 AND "unit_price_amount" >= 0 AND "tax_amount" >= 0 AND "tax_rate_basis_points" BETWEEN 0 AND 10000
  AND "discount_amount" BETWEEN 0 AND "unit_price_amount"::bigint * "quantity"
  AND "tax_amount" <= "total_amount" AND ("tax_rate_basis_points" > 0 OR "tax_amount" = 0)
  AND "total_amount" - "unit_price_amount"::bigint * "quantity" + "discount_amount" IN (0, "tax_amount"));
ALTER TABLE "order" DROP CONSTRAINT "order_total";
ALTER TABLE "order" ADD CONSTRAINT "order_total" CHECK (
  "subtotal_amount" >= 0 AND "discount_amount" BETWEEN 0 AND "subtotal_amount"
  AND ("discount_amount" = 0 OR "discount_code" IS NOT NULL)
  AND "shipping_amount" >= 0 AND "shipping_tax_basis_points" BETWEEN 0 AND 10000
  AND "shipping_tax_amount" BETWEEN 0 AND "shipping_amount" AND "tax_amount" BETWEEN "shipping_tax_amount" AND "total_amount"
  AND "total_amount" = "subtotal_amount"::bigint - "discount_amount" + "shipping_amount"
    + CASE WHEN "tax_included" THEN 0 ELSE "tax_amount" - "shipping_tax_amount" END);
