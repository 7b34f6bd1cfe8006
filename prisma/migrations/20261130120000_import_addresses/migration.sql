-- A file can come from an address instead of an upload: it is brought into the file store before a row of it is read.
-- AlterTable
ALTER TABLE "import" ADD COLUMN "source_url" TEXT;
ALTER TABLE "import" ADD COLUMN "source_etag" TEXT;

-- What the schema language cannot say: asking twice for one address is one import, as long as it is under way.
CREATE UNIQUE INDEX "import_source_url_under_way_key" ON "import"("type", "source_url")
  WHERE "status" IN ('queued', 'running');
