import { headers } from "next/headers";

/**
 * Whether the page's own script sent this action, and shows its answer in the page. Else a browser posted the form by
 * itself, as it does before any JavaScript has loaded.
 */
export async function hasScript(): Promise<boolean> {
  return (await headers()).has("next-action");
}
