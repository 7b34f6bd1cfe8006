-- A finding that is raised anew is told anew: a mail is of one batch of findings, and not of the first one of it.
ALTER TABLE "sent_mail" DROP CONSTRAINT "sent_mail_subject_of_an_order";
UPDATE "sent_mail" SET "subject" = "finding_id" WHERE "finding_id" IS NOT NULL;

-- DropIndex
DROP INDEX "sent_mail_finding_id_kind_key";

-- CreateIndex
CREATE UNIQUE INDEX "sent_mail_finding_id_kind_subject_key" ON "sent_mail"("finding_id", "kind", "subject");

-- What the schema language cannot say.
ALTER TABLE "sent_mail" ADD CONSTRAINT "sent_mail_subject_of_several"
  CHECK ("subject" = '' OR "order_id" IS NOT NULL OR "finding_id" IS NOT NULL);
