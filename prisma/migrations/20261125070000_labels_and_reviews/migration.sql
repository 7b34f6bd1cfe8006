-- CreateEnum
CREATE TYPE "shipping_label_state" AS ENUM ('asked', 'bought', 'void');

-- CreateEnum
CREATE TYPE "order_review_kind" AS ENUM ('order', 'parcel');

-- CreateEnum
CREATE TYPE "order_review_state" AS ENUM ('waiting', 'refused', 'approved');

-- AlterTable
ALTER TABLE "store_settings" ADD COLUMN     "review_from_amount" INTEGER;

-- AlterTable
ALTER TABLE "shipment" ADD COLUMN     "label_key" TEXT;

-- CreateTable
CREATE TABLE "shipping_label" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "state" "shipping_label_state" NOT NULL DEFAULT 'asked',
    "weight_grams" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shipping_label_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_review" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "kind" "order_review_kind" NOT NULL,
    "state" "order_review_state" NOT NULL DEFAULT 'waiting',
    "reason" TEXT NOT NULL,
    "token_id" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "order_review_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "shipping_label_order_id_key" ON "shipping_label"("order_id");

-- CreateIndex
CREATE INDEX "order_review_order_id_idx" ON "order_review"("order_id");

-- AddForeignKey
ALTER TABLE "shipping_label" ADD CONSTRAINT "shipping_label_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_review" ADD CONSTRAINT "order_review_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Several callers at once ask for one review.
CREATE UNIQUE INDEX "order_review_one_open_per_order" ON "order_review" ("order_id") WHERE "state" <> 'approved';
ALTER TABLE "order_review" ADD CONSTRAINT "order_review_decided" CHECK (("state" = 'waiting') = ("decided_at" IS NULL));
ALTER TABLE "shipping_label" ADD CONSTRAINT "shipping_label_weight_not_negative" CHECK ("weight_grams" >= 0);
ALTER TABLE "store_settings" ADD CONSTRAINT "store_settings_review_from_amount" CHECK ("review_from_amount" >= 0);
