-- What undo needs is not kept for ever.
-- AlterTable
ALTER TABLE "import" ADD COLUMN "changes_forgotten_at" TIMESTAMPTZ(3);
