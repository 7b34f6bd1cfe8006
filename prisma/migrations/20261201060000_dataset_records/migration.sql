-- Any JSON under an id of somebody else's.
-- CreateTable
CREATE TABLE "dataset_record" (
    "dataset" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "import_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dataset_record_pkey" PRIMARY KEY ("dataset","external_id")
);

-- CreateIndex
CREATE INDEX "dataset_record_import_id_idx" ON "dataset_record"("import_id");

-- AddForeignKey
ALTER TABLE "dataset_record" ADD CONSTRAINT "dataset_record_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "import"("id") ON DELETE SET NULL ON UPDATE CASCADE;
