-- AlterTable
ALTER TABLE "import" ADD COLUMN     "retry_of_id" TEXT;

-- CreateIndex
CREATE INDEX "import_retry_of_id_idx" ON "import"("retry_of_id");

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_retry_of_id_fkey" FOREIGN KEY ("retry_of_id") REFERENCES "import"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What the schema language cannot say: of an import's retries one at most is under way or came to its end.
CREATE UNIQUE INDEX "import_one_retry" ON "import" ("retry_of_id") WHERE "status" NOT IN ('failed', 'cancelled');
