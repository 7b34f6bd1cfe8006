-- What a dry run has come by, so that it sees what comes again.
-- CreateTable
CREATE TABLE "dry_run_key" (
    "import_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "dry_run_key_pkey" PRIMARY KEY ("import_id","key")
);

-- AddForeignKey
ALTER TABLE "dry_run_key" ADD CONSTRAINT "dry_run_key_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "import"("id") ON DELETE CASCADE ON UPDATE CASCADE;
