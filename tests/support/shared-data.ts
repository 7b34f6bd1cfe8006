import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = process.env.SHOPFLOOR_SHARED ?? resolve(process.cwd(), "../shared");

/**
 * A file of the sample data that lies beside this repository for some of us (shop exports, an event catalogue), or
 * undefined where it does not: tests that need it are then skipped. SHOPFLOOR_SHARED names another place.
 */
export function sharedData(name: string): string | undefined {
  const path = join(folder, "data", name);
  return existsSync(path) ? path : undefined;
}
