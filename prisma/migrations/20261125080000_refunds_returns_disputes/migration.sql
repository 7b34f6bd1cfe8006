-- CreateEnum
CREATE TYPE "refund_reason" AS ENUM ('cancellation', 'return', 'requested_by_customer', 'duplicate', 'fraudulent', 'other');

-- CreateEnum
CREATE TYPE "refund_state" AS ENUM ('requested', 'pending', 'succeeded', 'failed', 'canceled');

-- CreateEnum
CREATE TYPE "return_state" AS ENUM ('requested', 'received', 'rejected');

-- AlterEnum
ALTER TYPE "shipment_status" ADD VALUE 'cancelled';

-- DropIndex
DROP INDEX "sent_mail_order_id_kind_key";

-- AlterTable
ALTER TABLE "order" ADD COLUMN     "refunded_amount" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "sent_mail" ADD COLUMN     "subject" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "shipment" ADD COLUMN     "delivered_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "refund" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "state" "refund_state" NOT NULL DEFAULT 'requested',
    "amount" INTEGER NOT NULL,
    "shipping_amount" INTEGER NOT NULL DEFAULT 0,
    "currency" CHAR(3) NOT NULL,
    "reason" "refund_reason" NOT NULL,
    "note" TEXT,
    "requested_by" TEXT NOT NULL,
    "stripe_refund_id" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "failure_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "succeeded_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refund_line" (
    "refund_id" TEXT NOT NULL,
    "order_line_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "amount" INTEGER NOT NULL,

    CONSTRAINT "refund_line_pkey" PRIMARY KEY ("refund_id","order_line_id")
);

-- CreateTable
CREATE TABLE "dispute" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "stripe_dispute_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount_withdrawn" INTEGER NOT NULL DEFAULT 0,
    "blocks_refunds" BOOLEAN NOT NULL,
    "evidence_due_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dispute_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "return" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "state" "return_state" NOT NULL DEFAULT 'requested',
    "reason" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "refund_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "return_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "return_line" (
    "return_id" TEXT NOT NULL,
    "order_line_id" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "received_quantity" INTEGER NOT NULL DEFAULT 0,
    "restocked_quantity" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "return_line_pkey" PRIMARY KEY ("return_id","order_line_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "refund_stripe_refund_id_key" ON "refund"("stripe_refund_id");

-- CreateIndex
CREATE INDEX "refund_order_id_created_at_idx" ON "refund"("order_id", "created_at");

-- CreateIndex
CREATE INDEX "refund_payment_id_idx" ON "refund"("payment_id");

-- CreateIndex
CREATE INDEX "refund_succeeded_at_idx" ON "refund"("succeeded_at");

-- CreateIndex
CREATE INDEX "refund_line_order_line_id_idx" ON "refund_line"("order_line_id");

-- CreateIndex
CREATE UNIQUE INDEX "dispute_stripe_dispute_id_key" ON "dispute"("stripe_dispute_id");

-- CreateIndex
CREATE INDEX "dispute_order_id_idx" ON "dispute"("order_id");

-- CreateIndex
CREATE INDEX "dispute_payment_id_idx" ON "dispute"("payment_id");

-- CreateIndex
CREATE UNIQUE INDEX "return_refund_id_key" ON "return"("refund_id");

-- CreateIndex
CREATE INDEX "return_order_id_created_at_idx" ON "return"("order_id", "created_at");

-- CreateIndex
CREATE INDEX "return_line_order_line_id_idx" ON "return_line"("order_line_id");

-- CreateIndex
CREATE UNIQUE INDEX "sent_mail_order_id_kind_subject_key" ON "sent_mail"("order_id", "kind", "subject");

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund_line" ADD CONSTRAINT "refund_line_refund_id_fkey" FOREIGN KEY ("refund_id") REFERENCES "refund"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund_line" ADD CONSTRAINT "refund_line_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "order_line"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "return" ADD CONSTRAINT "return_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "return" ADD CONSTRAINT "return_refund_id_fkey" FOREIGN KEY ("refund_id") REFERENCES "refund"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "return_line" ADD CONSTRAINT "return_line_return_id_fkey" FOREIGN KEY ("return_id") REFERENCES "return"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "return_line" ADD CONSTRAINT "return_line_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "order_line"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema language cannot say. These decide races; checks in the application only give good messages.
ALTER TABLE "order" ADD CONSTRAINT "order_refunded_within_total" CHECK (0 <= "refunded_amount" AND "refunded_amount" <= "total_amount");
ALTER TABLE "refund" ADD CONSTRAINT "refund_amount_positive" CHECK ("amount" > 0 AND 0 <= "shipping_amount" AND "shipping_amount" <= "amount");
ALTER TABLE "refund" ADD CONSTRAINT "refund_known_at_stripe" CHECK ("state" NOT IN ('pending', 'succeeded') OR "stripe_refund_id" IS NOT NULL);
ALTER TABLE "refund" ADD CONSTRAINT "refund_settled_at" CHECK (("state" IN ('succeeded', 'failed', 'canceled')) = ("settled_at" IS NOT NULL) AND ("state" <> 'succeeded' OR "succeeded_at" IS NOT NULL));
ALTER TABLE "refund_line" ADD CONSTRAINT "refund_line_in_bounds" CHECK ("quantity" > 0 AND "amount" >= 0);
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_amounts_not_negative" CHECK ("amount" >= 0 AND "amount_withdrawn" >= 0);
ALTER TABLE "return" ADD CONSTRAINT "return_settled_at" CHECK (("state" <> 'requested') = ("settled_at" IS NOT NULL));
ALTER TABLE "return_line" ADD CONSTRAINT "return_line_in_bounds" CHECK ("quantity" > 0 AND 0 <= "restocked_quantity" AND "restocked_quantity" <= "received_quantity" AND "received_quantity" <= "quantity");
ALTER TABLE "sent_mail" ADD CONSTRAINT "sent_mail_subject_of_an_order" CHECK ("subject" = '' OR "order_id" IS NOT NULL);

-- A sweep asks after refunds that Stripe has not settled.
CREATE INDEX "refund_unsettled" ON "refund" ("updated_at") WHERE "state" IN ('requested', 'pending');
