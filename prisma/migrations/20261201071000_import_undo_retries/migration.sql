-- A retry that was undone does not stand in the way of another one. (Apart, since a new value of an enum must be committed
-- before it is used.)
DROP INDEX "import_one_retry";
CREATE UNIQUE INDEX "import_one_retry" ON "import"("retry_of_id") WHERE "status" NOT IN ('failed', 'cancelled', 'undoing', 'undone');

-- Variants are taken away again by an undo, and their lines in carts with them.
-- CreateIndex
CREATE INDEX "cart_line_variant_id_idx" ON "cart_line"("variant_id");
