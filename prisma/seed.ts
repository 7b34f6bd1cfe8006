import { z } from "zod";
import { createStaffUser } from "@/lib/accounts/create-staff-user";
import { ProductInput } from "@/lib/catalog/product-input";
import { saveProduct } from "@/lib/catalog/save-product";
import { bulkTransaction } from "@/lib/db/bulk-transaction";
import { closeDb, db } from "@/lib/db/client";
import { seedPriceList } from "./seed/price-list";
import { demoProducts } from "./seed/products";

/** JSON in ADMIN_SEED_LOGINS: who can sign in to the admin of a fresh store. */
const Logins = z.array(z.object({ role: z.enum(["owner", "staff"]), email: z.email(), password: z.string().min(8) }));

/** Fills a fresh store. Run again it adds what is missing and changes nothing: stock that was sold stays sold. */
async function seed(now: Date): Promise<void> {
  await db().storeSettings.createMany({
    data: [
      {
        name: "Shopfloor",
        currency: "EUR",
        timeZone: "UTC",
        reportRecipients: ["finance@shopfloor.example"],
        reviewFromAmount: 50_000,
      },
    ],
    skipDuplicates: true,
  });
  await seedPriceList();
  for (const login of Logins.parse(JSON.parse(process.env.ADMIN_SEED_LOGINS ?? "[]")))
    await createStaffUser({ ...login, name: login.role === "owner" ? "Owner" : "Staff" });
  const known = new Set((await db().product.findMany({ select: { handle: true } })).map(({ handle }) => handle));
  for (const product of demoProducts.filter(({ handle }) => !known.has(handle)))
    await bulkTransaction((tx) => saveProduct(tx, ProductInput.parse(product), { now }));
}

await seed(new Date());
await closeDb();
