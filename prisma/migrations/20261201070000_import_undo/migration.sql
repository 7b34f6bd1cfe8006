-- What an import changed can be put back.
-- AlterEnum
ALTER TYPE "import_status" ADD VALUE 'undoing';
ALTER TYPE "import_status" ADD VALUE 'undone';

-- AlterEnum
ALTER TYPE "import_severity" ADD VALUE 'kept';

-- AlterTable
ALTER TABLE "import" ADD COLUMN "put_back" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "kept" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "runs_before" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "import_change" (
    "import_id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "row_number" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "before" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "import_change_pkey" PRIMARY KEY ("import_id","seq")
);

-- AddForeignKey
ALTER TABLE "import_change" ADD CONSTRAINT "import_change_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "import"("id") ON DELETE CASCADE ON UPDATE CASCADE;
