type Listed<Item> = { data: Item[]; has_more: boolean };

/** Reads a list of Stripe's as a whole, past the store and its client. */
export async function listAll<Item extends { id: string }>(
  stripe: { url: string; key: string },
  path: string,
): Promise<Item[]> {
  const all: Item[] = [];
  for (;;) {
    const url = new URL(path, stripe.url);
    url.searchParams.set("limit", "100");
    const last = all.at(-1);
    if (last) url.searchParams.set("starting_after", last.id);
    const answer = await fetch(url, { headers: { authorization: `Bearer ${stripe.key}` } });
    if (!answer.ok) throw new Error(`Stripe answered ${answer.status} to ${path}: ${await answer.text()}`);
    const page = (await answer.json()) as Listed<Item>;
    all.push(...page.data);
    if (!page.has_more) return all;
  }
}
