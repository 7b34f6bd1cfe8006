import type { BulkTx } from "@/lib/db/bulk-transaction";
import { newId } from "@/lib/ids";

/** A customer as a file says. The mail address is in lower case, and tells who it is. */
export type CustomerInput = { email: string; name: string | null };

export type SavedCustomer = {
  outcome: "created" | "updated" | "unchanged";
  /** The name that was there before, for one that is there. */
  nameBefore: string | null;
  /** Why a name that is another in the file was left alone. */
  leftAlone: "staff" | "own" | null;
  /** When what is there was written last. */
  updatedAt: Date | null;
};

type Known = { email: string; name: string; isStaff: boolean; isOwn: boolean; updatedAt: Date };

/**
 * Makes accounts without a password for customers who have none: they set one by mail. Whoever has a password, or works
 * here, has their account to themselves and nothing of it is changed; of others the name becomes what is given. No mail
 * is sent. One entry for each address; may be repeated.
 */
export async function saveCustomers(
  tx: BulkTx,
  customers: readonly CustomerInput[],
  { now }: { now: Date },
): Promise<SavedCustomer[]> {
  const made = await insertUsers(tx, customers, now);
  const known = await findKnown(tx, customers, "order by email for update");
  const results = customers.map((customer) =>
    made.has(customer.email) ? created : compareCustomer(customer, known.get(customer.email)),
  );
  const toRename = customers.filter((_, index) => results[index]?.outcome === "updated");
  const renamed = await rename(tx, toRename, now);
  const taken = toRename.filter(({ email }) => !renamed.has(email));
  if (taken.length === 0) return results;
  // Their holders came while they were waited for.
  const knownNow = await findKnown(tx, taken);
  return customers.map((customer, index) => {
    const holder = knownNow.get(customer.email);
    return holder ? compareCustomer(customer, holder) : (results[index] ?? created);
  });
}

/** What a customer is called: by what is before the @ where nobody says. */
export function nameOfCustomer({ name, email }: CustomerInput): string {
  return name ?? email.slice(0, email.indexOf("@"));
}

/** What `saveCustomers` would answer, with nothing written. */
export async function compareCustomers(tx: BulkTx, customers: readonly CustomerInput[]): Promise<SavedCustomer[]> {
  const known = await findKnown(tx, customers);
  return customers.map((customer) => compareCustomer(customer, known.get(customer.email)));
}

const created: SavedCustomer = { outcome: "created", nameBefore: null, leftAlone: null, updatedAt: null };

function compareCustomer({ name }: CustomerInput, known: Known | undefined): SavedCustomer {
  if (!known) return created;
  const { name: nameBefore, updatedAt } = known;
  if (name === null || name === known.name) return { outcome: "unchanged", nameBefore, leftAlone: null, updatedAt };
  if (known.isStaff || known.isOwn)
    return { outcome: "unchanged", nameBefore, leftAlone: known.isStaff ? "staff" : "own", updatedAt };
  return { outcome: "updated", nameBefore, leftAlone: null, updatedAt };
}

/** The addresses that had no account; one that somebody registers meanwhile is theirs. */
async function insertUsers(tx: BulkTx, customers: readonly CustomerInput[], now: Date): Promise<Set<string>> {
  const rows = await tx.query<{ email: string }>(
    `insert into "user" (id, name, email, email_verified, role, created_at, updated_at)
     select id, name, email, false, 'customer', $4, $4 from unnest($1::text[], $2::text[], $3::text[]) as given (id, name, email)
     on conflict (email) do nothing returning email`,
    [customers.map(() => newId("user")), customers.map(nameOfCustomer), customers.map(({ email }) => email), now],
  );
  return new Set(rows.map(({ email }) => email));
}

/** `locking` holds them as they are found until the end. */
async function findKnown(
  tx: BulkTx,
  customers: readonly CustomerInput[],
  locking: "order by email for update" | "" = "",
): Promise<Map<string, Known>> {
  const rows = await tx.query<Known>(
    `select email, name, role <> 'customer' as "isStaff", updated_at as "updatedAt",
       email_verified or exists (select 1 from account where account.user_id = "user".id) as "isOwn"
     from "user" where email = any($1) ${locking}`,
    [customers.map(({ email }) => email)],
  );
  return new Map(rows.map((row) => [row.email, row]));
}

/** The addresses whose holders have not made the account theirs meanwhile. */
async function rename(tx: BulkTx, customers: readonly CustomerInput[], now: Date): Promise<Set<string>> {
  if (customers.length === 0) return new Set();
  const rows = await tx.query<{ email: string }>(
    `update "user" set name = given.name, updated_at = $3
     from unnest($1::text[], $2::text[]) as given (email, name)
     where "user".email = given.email and role = 'customer' and not email_verified
       and not exists (select 1 from account where account.user_id = "user".id)
     returning "user".email`,
    [customers.map(({ email }) => email), customers.map(({ name }) => name), now],
  );
  return new Set(rows.map(({ email }) => email));
}

/** A customer that was written at `at`, and the name that was there before; null for one that was new. */
export type WrittenCustomer = { email: string; before: { name: string; updatedAt: Date } | null; at: Date };

/**
 * Takes new accounts away again, and gives others their name back, where nobody has made them theirs, ordered with them
 * or changed them since. Answers for each whether it was done.
 */
export async function undoCustomers(tx: BulkTx, customers: readonly WrittenCustomer[]): Promise<boolean[]> {
  const mine = `where person.email = given.email and person.updated_at = given.at and role = 'customer'
    and not email_verified and not exists (select 1 from account where account.user_id = person.id)
    and not exists (select 1 from "order" where "order".user_id = person.id)`;
  const added = customers.filter(({ before }) => before === null);
  const renamed = customers.filter(({ before }) => before !== null);
  const given = (some: readonly WrittenCustomer[]) => [some.map(({ email }) => email), some.map(({ at }) => at)];
  const removed = await tx.query<{ email: string }>(
    `delete from "user" person using unnest($1::text[], $2::timestamptz[]) as given (email, at) ${mine}
     returning person.email`,
    given(added),
  );
  const restored = await tx.query<{ email: string }>(
    `update "user" person set name = given.name, updated_at = given.before
     from unnest($1::text[], $2::timestamptz[], $3::text[], $4::timestamptz[]) as given (email, at, name, before) ${mine}
     returning person.email`,
    [...given(renamed), renamed.map(({ before }) => before?.name), renamed.map(({ before }) => before?.updatedAt)],
  );
  const back = new Set([...removed, ...restored].map(({ email }) => email));
  return customers.map(({ email }) => back.has(email));
}
