-- What staff decided about the columns of a file is proposed for the next one of the same shape.
-- CreateTable
CREATE TABLE "import_column_mapping" (
    "type" TEXT NOT NULL,
    "headings" TEXT NOT NULL,
    "mapping" JSONB NOT NULL,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "import_column_mapping_pkey" PRIMARY KEY ("type","headings")
);
