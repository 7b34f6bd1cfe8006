import pg from "pg";

/** The address of database `name` on the same server and with the same login as `url`. */
export function databaseUrl(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Creates database `name`, empty or as a copy of `template`, and returns its address. Existing ones are kept. */
export async function createDatabase(adminUrl: string, name: string, template?: string): Promise<string> {
  await asAdmin(adminUrl, async (client) => {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (rowCount) return;
    const source = template ? ` template ${pg.escapeIdentifier(template)}` : "";
    await client.query(`create database ${pg.escapeIdentifier(name)}${source}`);
  });
  return databaseUrl(adminUrl, name);
}

/** Deletes database `name`, ending whoever is still connected. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  );
}

async function asAdmin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
