-- Which column of a file says what, where its headings do not say it, and what all its rows have in common.
-- AlterTable
ALTER TABLE "import" ADD COLUMN "mapping" JSONB NOT NULL DEFAULT '{}';
