-- What a file would change can be looked at before it does: an import that writes nothing but what it found.
-- AlterTable
ALTER TABLE "import" ADD COLUMN "is_dry_run" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "import" ADD COLUMN "samples" JSONB NOT NULL DEFAULT '[]';
