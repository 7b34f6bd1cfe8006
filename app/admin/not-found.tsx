import Link from "next/link";
import { Empty } from "@/components/empty";
import { routes } from "@/lib/routes";

export default function AdminNotFound() {
  return (
    <Empty title="There is nothing at this address.">
      <Link href={routes.adminOrders()} className="link">
        Go to the orders
      </Link>
    </Empty>
  );
}
