import { expect, test } from "vitest";
import { crossings } from "@/local/bin/boundaries.mjs";

test.each([
  ["lib/orders/place-order.ts", 'import { cookies } from "next/headers";'],
  ["lib/orders/place-order.ts", 'import { cart } from "@/app/_server/cart";'],
  ["lib/orders/place-order.ts", 'import type { task } from "@/trigger/orders/process-order";'],
  ["lib/orders/place-order.ts", 'import Stripe from "stripe";'],
  ["lib/orders/place-order.ts", 'import {\n  a,\n  b,\n} from "../../trigger/orders/process-order";'],
  ["lib/orders/place-order.ts", 'const { a } = await import("@/local/stripe/server");'],
  ["trigger/orders/process-order.ts", 'import { page } from "@/app/page";'],
  ["app/page.tsx", 'import { task } from "@/trigger/orders/process-order";'],
  ["app/page.tsx", 'export { task } from "@/trigger/orders/process-order";'],
  ["app/page.tsx", 'import { PutObjectCommand } from "@aws-sdk/client-s3";'],
  ["components/order.tsx", 'import { db } from "@/lib/db/client";'],
  ["components/order.tsx", 'import { placeOrder } from "@/lib/orders/place-order";'],
  ["local/stripe/server.ts", 'import { money } from "@/lib/money/money";'],
  ["audit/audit.ts", 'import { money } from "@/lib/money/money";'],
  ["audit/audit.ts", 'import type { Order } from "@/lib/db/generated/client";'],
  ["audit/checks/money.ts", 'import { orderActions } from "../../lib/orders/order-status";'],
  ["audit/audit.ts", 'import { PrismaClient } from "@prisma/client";'],
  ["lib/orders/place-order.ts", 'import { audit } from "@/audit/audit";'],
])("%s may not say %s", (path, source) => {
  expect(crossings(path, source)).toEqual([expect.stringContaining(path)]);
});

test.each([
  ["lib/outbox/relay.ts", 'import type { task } from "@/trigger/orders/process-order";'],
  ["lib/payments/stripe.ts", 'import Stripe from "stripe";'],
  ["app/page.tsx", 'import type { task } from "@/trigger/orders/process-order";'],
  ["app/page.tsx", 'import { placeOrder } from "@/lib/orders/place-order";'],
  ["components/order.tsx", 'import type { Order } from "@/lib/orders/find-orders";'],
  ["components/price.tsx", 'import { format } from "@/lib/money/format";'],
  ["components/price.tsx", 'import { routes } from "@/lib/routes";'],
  ["local/stripe/server.ts", 'import type Stripe from "stripe";'],
  ["audit/stripe-ledger.ts", 'import Stripe from "stripe";'],
  ["audit/options.ts", 'import { lockHolder } from "@/local/launcher/state";'],
  ["trigger/orders/process-order.ts", 'import { schemaTask } from "@trigger.dev/sdk";'],
])("%s may say %s", (path, source) => {
  expect(crossings(path, source)).toEqual([]);
});
