-- CreateEnum
CREATE TYPE "payment_kind" AS ENUM ('page', 'saved_card');

-- CreateEnum
CREATE TYPE "saved_card_state" AS ENUM ('kept', 'removing', 'removed');

-- AlterTable
ALTER TABLE "order" ADD COLUMN     "user_id" TEXT;

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "keep_card" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "kind" "payment_kind" NOT NULL DEFAULT 'page',
ADD COLUMN     "saved_card_id" TEXT;

-- CreateTable
CREATE TABLE "stripe_customer" (
    "user_id" TEXT NOT NULL,
    "stripe_customer_id" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stripe_customer_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "saved_card" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "state" "saved_card_state" NOT NULL DEFAULT 'kept',
    "stripe_customer_id" TEXT NOT NULL,
    "payment_method_id" TEXT NOT NULL,
    "brand" TEXT NOT NULL,
    "last4" CHAR(4) NOT NULL,
    "exp_month" INTEGER NOT NULL,
    "exp_year" INTEGER NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_card_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "stripe_customer_stripe_customer_id_key" ON "stripe_customer"("stripe_customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "saved_card_payment_method_id_key" ON "saved_card"("payment_method_id");

-- CreateIndex
CREATE INDEX "saved_card_user_id_created_at_idx" ON "saved_card"("user_id", "created_at");

-- CreateIndex
CREATE INDEX "order_user_id_placed_at_idx" ON "order"("user_id", "placed_at");

-- CreateIndex
CREATE INDEX "payment_saved_card_id_idx" ON "payment"("saved_card_id");

-- AddForeignKey
ALTER TABLE "order" ADD CONSTRAINT "order_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_saved_card_id_fkey" FOREIGN KEY ("saved_card_id") REFERENCES "saved_card"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stripe_customer" ADD CONSTRAINT "stripe_customer_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_card" ADD CONSTRAINT "saved_card_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say.
ALTER TABLE "payment" ADD CONSTRAINT "payment_kind_check"
  CHECK (kind = 'page' OR (session_id IS NULL AND session_url IS NULL AND NOT keep_card));
ALTER TABLE "payment" ADD CONSTRAINT "payment_saved_card_check" CHECK (kind = 'saved_card' OR saved_card_id IS NULL);
ALTER TABLE "saved_card" ADD CONSTRAINT "saved_card_expiry_check"
  CHECK (exp_month BETWEEN 1 AND 12 AND exp_year BETWEEN 2000 AND 2999);
ALTER TABLE "saved_card" ADD CONSTRAINT "saved_card_default_check" CHECK (NOT is_default OR state = 'kept');
CREATE UNIQUE INDEX "saved_card_one_default" ON "saved_card"("user_id") WHERE is_default;
