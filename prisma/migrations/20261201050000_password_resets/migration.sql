-- Passwords can be set by mail: who asked, until when the link counts, and its mail.
-- CreateTable
CREATE TABLE "password_reset" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "password_reset_pkey" PRIMARY KEY ("id")
);

-- AlterTable
ALTER TABLE "sent_mail" ADD COLUMN     "password_reset_id" TEXT;

-- CreateIndex
CREATE INDEX "password_reset_email_idx" ON "password_reset"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sent_mail_password_reset_id_kind_key" ON "sent_mail"("password_reset_id", "kind");

-- AddForeignKey
ALTER TABLE "sent_mail" ADD CONSTRAINT "sent_mail_password_reset_id_fkey" FOREIGN KEY ("password_reset_id") REFERENCES "password_reset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema language cannot say.
ALTER TABLE "sent_mail" DROP CONSTRAINT "sent_mail_about_one_thing";
ALTER TABLE "sent_mail" ADD CONSTRAINT "sent_mail_about_one_thing" CHECK (num_nonnulls("order_id", "report_id", "subscription_invoice_id", "finding_id", "import_id", "password_reset_id") = 1);

-- Mails about passwords are asked for again like all other work.
DROP INDEX "outbox_message_subject";
CREATE INDEX "outbox_message_subject" ON "outbox_message" ((coalesce("payload" ->> 'orderId', "payload" ->> 'refundId', "payload" ->> 'eventId', "payload" ->> 'cardId', "payload" ->> 'importId', "payload" ->> 'passwordResetId')), "name");
