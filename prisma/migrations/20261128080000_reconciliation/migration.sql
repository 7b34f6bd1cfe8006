-- CreateEnum
CREATE TYPE "finding_state" AS ENUM ('open', 'resolved');

-- AlterTable
ALTER TABLE "sent_mail" ADD COLUMN     "finding_id" TEXT;

-- CreateTable
CREATE TABLE "stripe_walk" (
    "list" TEXT NOT NULL,
    "seen_until" TIMESTAMPTZ(3),
    "going_on" TIMESTAMPTZ(3),
    "after" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "stripe_walk_pkey" PRIMARY KEY ("list")
);

-- CreateTable
CREATE TABLE "finding" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "order_id" TEXT,
    "message" TEXT NOT NULL,
    "state" "finding_state" NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" TEXT,
    "note" TEXT,
    "told_with" TEXT,

    CONSTRAINT "finding_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "finding_key_key" ON "finding"("key");

-- CreateIndex
CREATE INDEX "finding_state_created_at_idx" ON "finding"("state", "created_at");

-- CreateIndex
CREATE INDEX "finding_order_id_idx" ON "finding"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "sent_mail_finding_id_kind_key" ON "sent_mail"("finding_id", "kind");

-- AddForeignKey
ALTER TABLE "finding" ADD CONSTRAINT "finding_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sent_mail" ADD CONSTRAINT "sent_mail_finding_id_fkey" FOREIGN KEY ("finding_id") REFERENCES "finding"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema language cannot say.
ALTER TABLE "finding" ADD CONSTRAINT "finding_resolved" CHECK (("state" = 'resolved') = ("resolved_at" IS NOT NULL) AND ("state" = 'resolved') = ("resolved_by" IS NOT NULL));
ALTER TABLE "sent_mail" DROP CONSTRAINT "sent_mail_about_one_thing";
ALTER TABLE "sent_mail" ADD CONSTRAINT "sent_mail_about_one_thing" CHECK (num_nonnulls("order_id", "report_id", "subscription_invoice_id", "finding_id") = 1);

-- A sweep asks how the work on something was asked for last.
CREATE INDEX "outbox_message_subject" ON "outbox_message" ((coalesce("payload" ->> 'orderId', "payload" ->> 'refundId', "payload" ->> 'eventId')), "name");

-- Another one asks for mails that never went out.
CREATE INDEX "sent_mail_unsent" ON "sent_mail" ("created_at") WHERE "sent_at" IS NULL;

-- Orders that wait for the store itself are few among all.
CREATE INDEX "order_authorized" ON "order" ("updated_at") WHERE "payment_status" = 'authorized';
CREATE INDEX "stripe_event_waiting" ON "stripe_event" ("received_at") WHERE "status" = 'received';
