-- AlterTable
ALTER TABLE "import" ADD COLUMN     "columns" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- Of imports that are over, the headings are those that their refused rows still name, as they came.
-- A row with a wrong number of cells was kept by headings that were not its own, so it becomes one cell.
UPDATE "import_reject" SET "raw_row" = jsonb_build_array("raw_row"::text)
  WHERE "severity" = 'refused' AND "field" IS NULL AND jsonb_typeof("raw_row") = 'object'
    AND "reason" LIKE 'The row has % cells where the first line has %';

UPDATE "import" SET "columns" = "found"."names"
  FROM (
    SELECT "import_id", array_agg("name" ORDER BY "first", "place") AS "names"
    FROM (
      SELECT "import_id", "name", min("row_number") AS "first", min("place") AS "place"
      FROM "import_reject", LATERAL jsonb_object_keys("raw_row") WITH ORDINALITY AS "key"("name", "place")
      WHERE "severity" = 'refused' AND jsonb_typeof("raw_row") = 'object'
      GROUP BY "import_id", "name"
    ) AS "named"
    GROUP BY "import_id"
  ) AS "found"
  WHERE "found"."import_id" = "import"."id" AND "import"."format" = 'csv';
