import { z } from "zod";

/** What a file can be of. `kinds/kinds.ts` has how each is read. */
export const ImportType = z.enum(["products", "inventory", "customers", "orders", "records"]);

export type ImportType = z.output<typeof ImportType>;
