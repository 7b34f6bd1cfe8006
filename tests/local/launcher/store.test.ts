import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { store, type WorldContext } from "@/local/launcher/services";
import { freePort } from "@/local/machine/ports";

/** In the place of Next: answers with its process id, and takes half a second for it. */
const next = `
  const { existsSync } = require("node:fs");
  if (existsSync("broken")) { console.error("DATABASE_URL is not set."); process.exit(3); }
  require("node:http").createServer((_, answer) => setTimeout(() => answer.end(String(process.pid)), 500))
    .listen(Number(process.argv.at(-1)), "127.0.0.1");
  process.on("SIGTERM", () => setTimeout(() => process.exit(0), 600));`;

let folder: string;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shopfloor-store-"));
  await mkdir(join(folder, "node_modules/next/dist/bin"), { recursive: true });
  await writeFile(join(folder, "node_modules/next/dist/bin/next"), next);
  await cp("server.mjs", join(folder, "server.mjs"));
});

beforeEach(async () => {
  port = await freePort();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function start(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["server.mjs", "--port", String(port)], {
    cwd: folder,
    env: { ...process.env, WEB_CONCURRENCY: "2", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  return { child, printed: () => printed };
}

const ask = async () =>
  Number(await (await fetch(`http://127.0.0.1:${port}`, { headers: { connection: "close" } })).text());
const askMany = async () => [...new Set(await Promise.all([ask(), ask()]))];
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("the store is served by several processes, a dead one is replaced, and all end together", async () => {
  const { child, printed } = start();
  const both = await vi.waitFor(async () => {
    const pids = await askMany();
    expect(pids).toHaveLength(2);
    return pids;
  }, 10_000);
  await sleep(5_500);

  process.kill(both[0] ?? 0, "SIGKILL");

  const now = await vi.waitFor(async () => {
    const pids = await askMany();
    expect(pids).toHaveLength(2);
    expect(pids).not.toContain(both[0]);
    return pids;
  }, 10_000);
  expect(printed()).toContain(`Process ${both[0]} of the store ended (SIGKILL): another follows.`);
  const asked = ask();
  await sleep(100);
  child.kill("SIGTERM");
  expect(now).toContain(await asked); // What was begun is answered.
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(now.filter(isAlive)).toEqual([]);
}, 40_000);

test("who starts the store is killed: its processes end, too", async () => {
  const { child } = start();
  const pids = await vi.waitFor(askMany, 10_000);

  child.kill("SIGKILL");

  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), 5_000);
});

test("wrong settings are said once, and end the start", async () => {
  await writeFile(join(folder, "broken"), "");
  onTestFinished(() => rm(join(folder, "broken")));
  const { child, printed } = start();

  expect(await once(child, "exit")).toEqual([3, null]);
  expect(printed()).toBe("DATABASE_URL is not set.\n");
});

test("a store whose processes cannot start any more ends with their code", async () => {
  const { child, printed } = start({ WEB_CONCURRENCY: "1" });
  const [pid = 0] = await vi.waitFor(askMany, 10_000);
  await sleep(5_500);
  await writeFile(join(folder, "broken"), "");
  onTestFinished(() => rm(join(folder, "broken")));

  process.kill(pid, "SIGKILL");

  expect(await once(child, "exit")).toEqual([3, null]);
  expect(printed().match(/another follows/g)).toHaveLength(5);
}, 60_000);

test("a number of processes that is none is refused", async () => {
  const { child, printed } = start({ WEB_CONCURRENCY: "1e1" });

  expect(await once(child, "exit")).toEqual([1, null]);
  expect(printed()).toBe("WEB_CONCURRENCY must be a whole number from 1.\n");
});

test("a demo's store is started as npm start does it", async () => {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as { scripts: { start: string } };
  const world = { projectDir: ".", paths: { logs: "" }, ports: { store: 3000 } } as unknown as WorldContext;

  expect(["node", ...store(world, "start").args].join(" ")).toContain(scripts.start);
});
