import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { removeDataFolder } from "@/local/postgres/data-folder";
import { type Postgres, startPostgres } from "@/local/postgres/server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const running: Postgres[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(dataDir: string, say?: (line: string) => void): Promise<Postgres> {
  const server = await startPostgres({ dataDir, port: 0, durable: false, say });
  running.push(server);
  return server;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query({ text: sql, rowMode: "array" }).finally(() => client.end());
  return rows.flat();
}

test("data written before a kill -9 is there after the next start, and the dead server's pid file is no hindrance", async () => {
  const dataDir = join(await temporaryFolder(), "data");
  const first = await start(dataDir);
  await ask(first.url, "create table mug as select 'last blue mug' as name");
  process.kill(first.pid, "SIGKILL");

  const second = await start(dataDir);

  expect(await ask(second.url, "select name from mug")).toEqual(["last blue mug"]);
});

test("a server that was left running on the same data is ended first", async () => {
  const dataDir = join(await temporaryFolder(), "data");
  const left = await start(dataDir);

  const next = await start(dataDir);

  expect(await ask(next.url, "select 1")).toEqual([1]);
  expect(() => process.kill(left.pid, 0)).toThrow(/ESRCH/);
});

test("it listens on loopback only, asks for the password, and is fit for logical replication", async () => {
  const server = await start(join(await temporaryFolder(), "data"));
  const stranger = new URL(server.url);
  stranger.password = "guess";

  expect(await ask(server.url, "select current_setting('listen_addresses')")).toEqual(["127.0.0.1"]);
  expect(await ask(server.url, "select current_setting('wal_level')")).toEqual(["logical"]);
  await expect(ask(stranger.href, "select 1")).rejects.toThrow(/password authentication failed/);
});

test.runIf(process.getuid?.() === 0)(
  "data wanted in a folder closed to nobody is kept elsewhere, and said so",
  async () => {
    const closed = await temporaryFolder();
    await chmod(closed, 0o700);
    const dataDir = join(closed, "data");
    const said: string[] = [];
    const server = await start(dataDir, (line) => said.push(line));

    const folder = String(await ask(server.url, "select current_setting('data_directory')"));

    expect(folder).not.toContain(closed);
    expect(said.join()).toContain(folder);
    await server.close();
    await removeDataFolder(dataDir);
    expect(existsSync(folder)).toBe(false);
  },
);
