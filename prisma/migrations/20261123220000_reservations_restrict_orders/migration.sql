-- DropForeignKey
ALTER TABLE "reservation" DROP CONSTRAINT "reservation_order_id_fkey";

-- AddForeignKey
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
