-- AlterTable
ALTER TABLE "sent_mail" ADD COLUMN     "import_id" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "sent_mail_import_id_kind_key" ON "sent_mail"("import_id", "kind");

-- AddForeignKey
ALTER TABLE "sent_mail" ADD CONSTRAINT "sent_mail_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "import"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema language cannot say.
ALTER TABLE "sent_mail" DROP CONSTRAINT "sent_mail_about_one_thing";
ALTER TABLE "sent_mail" ADD CONSTRAINT "sent_mail_about_one_thing" CHECK (num_nonnulls("order_id", "report_id", "subscription_invoice_id", "finding_id", "import_id") = 1);

-- Mails about imports are asked for again like all other work.
DROP INDEX "outbox_message_subject";
CREATE INDEX "outbox_message_subject" ON "outbox_message" ((coalesce("payload" ->> 'orderId', "payload" ->> 'refundId', "payload" ->> 'eventId', "payload" ->> 'cardId', "payload" ->> 'importId')), "name");
