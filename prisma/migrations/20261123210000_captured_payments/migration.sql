-- The daily report reads the payments captured within a day.
CREATE INDEX "payment_captured" ON "payment" ("captured_at") WHERE "state" = 'captured';
