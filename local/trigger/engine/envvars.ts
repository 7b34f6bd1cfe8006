import type { Database, Tx } from "../db/database";
import type { Server } from "./context";
import { Refusal } from "./refusal";

export type EnvVariable = { name: string; value: string; is_secret: boolean };

export type NewVariables = {
  variables: Record<string, string>;
  override: boolean;
  isSecret: boolean;
};

/** The platform's own: whoever sets them anyway would cut his tasks off. */
const reserved = new Set(["TRIGGER_SECRET_KEY", "TRIGGER_API_URL"]);

export function listVariables(db: Pick<Database, "query">): Promise<EnvVariable[]> {
  return db.query<EnvVariable>("select name, value, is_secret from envvar order by name");
}

export async function getVariable(db: Pick<Database, "query">, name: string): Promise<EnvVariable> {
  const [variable] = await db.query<EnvVariable>("select name, value, is_secret from envvar where name = $1", [name]);
  return variable ?? missing();
}

/**
 * Sets all of them or none: without `override` one that is set already refuses the others too. Empty values and the
 * platform's own names are left out.
 */
export async function setVariables({ db }: Server, { variables, override, isSecret }: NewVariables): Promise<void> {
  const wanted = Object.entries(variables).filter(([name, value]) => value.trim() !== "" && !reserved.has(name));
  if (wanted.length === 0) throw new Refusal(400, "You must set at least one valid variable.");
  const names = wanted.map(([name]) => name);
  await db.transaction(async (tx) => {
    if (!override) await requireUnset(tx, names);
    await tx.query(
      `insert into envvar (name, value, is_secret) select *, $3 from unnest($1::text[], $2::text[])
       on conflict (name) do update set value = excluded.value, is_secret = excluded.is_secret, updated_at = now()`,
      [names, wanted.map(([, value]) => value), isSecret],
    );
  });
}

async function requireUnset(tx: Tx, names: string[]): Promise<void> {
  // Who else sets variables waits until this decision is made.
  await tx.query("lock table envvar in share row exclusive mode");
  const [taken] = await tx.query<{ name: string }>("select name from envvar where name = any($1) limit 1", [names]);
  if (taken)
    throw new Refusal(400, `The variable ${taken.name} is set already, so none was changed. Set override to true.`);
}

export async function changeVariable({ db }: Server, name: string, value: string): Promise<void> {
  const changed = await db.query("update envvar set value = $2, updated_at = now() where name = $1 returning name", [
    name,
    value,
  ]);
  if (changed.length === 0) missing();
}

export async function deleteVariable({ db }: Server, name: string): Promise<void> {
  const deleted = await db.query("delete from envvar where name = $1 returning name", [name]);
  if (deleted.length === 0) missing();
}

function missing(): never {
  throw new Refusal(404, "Environment variable not found");
}
