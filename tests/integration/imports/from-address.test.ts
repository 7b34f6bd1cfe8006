import type { RequestListener } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { NotAllowedError } from "@/lib/accounts/errors";
import { db } from "@/lib/db/client";
import { AddressRefusedError, DownloadRefusedError } from "@/lib/download/errors";
import { TemporaryError } from "@/lib/errors";
import { cancelImport } from "@/lib/imports/cancel-import";
import { AddressUnderWayError, ImportStateError, UnreadableFileError } from "@/lib/imports/errors";
import { ImportAddressInput } from "@/lib/imports/schema";
import { triggerDataImport } from "@/lib/imports/trigger-data-import";
import { ObjectNotFoundError } from "@/lib/storage/errors";
import { headObject } from "@/lib/storage/head-object";
import { putObject } from "@/lib/storage/put-object";
import { startWorld, type World } from "@/tests/support/world";
import { serve } from "../../unit/download/serve";
import { apronM, apronS, mug, shopifyCsv } from "../../unit/imports/read-text";
import { emptyCatalogue, run, staff } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await emptyCatalogue();
  await db().import.deleteMany();
  await db().outboxMessage.deleteMany();
});

const csv = shopifyCsv([mug, apronS, apronM]);
const row = (importId: string) => db().import.findUniqueOrThrow({ where: { id: importId } });

const ask = (source: string, more: { currency?: string; dryRun?: boolean } = {}) =>
  triggerDataImport({
    actor: staff,
    ...ImportAddressInput.parse({ source, allowHttp: "on", ...more }),
    now: new Date(),
  });

/** An import of what a server of ours answers, which waits for its run. */
async function asked(answer: RequestListener, path = "/shop.csv") {
  const server = await serve(answer);
  const { importId } = await ask(server.url + path);
  return { server, importId, network: server.options() };
}

test("a file under an address is kept and read like one that was uploaded", async () => {
  const { importId, network, server } = await asked((_request, response) => response.end(csv), "/a/shop.csv?key=1");
  const phases: string[] = [];

  const result = await run(importId, { network, report: ({ phase }) => void phases.push(phase) });

  expect(result).toMatchObject({ created: 2, refused: 0, total: 3 });
  expect(await row(importId)).toMatchObject({ status: "completed", fileName: "shop.csv", format: "csv" });
  expect(phases[0]).toBe("fetching");
  expect(phases.at(-1)).toBe("reading");
  expect(server.requests).toBe(1);
});

test("asked for twice at once it is one import and one run; after its end it is another", async () => {
  const server = await serve((_request, response) => response.end(csv));

  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(`${server.url}/shop.csv`)));

  expect(new Set(answers.map(({ importId }) => importId)).size).toBe(1);
  expect(await db().outboxMessage.count()).toBe(1);
  const [{ importId } = { importId: undefined }] = answers;
  if (importId) await run(importId, { network: server.options() });
  expect((await ask(`${server.url}/shop.csv`)).importId).not.toBe(importId);
});

test("an import under way is not the answer to who asks for other prices or a dry run", async () => {
  const address = "http://shop.example/shop.csv";
  const { importId } = await ask(address, { currency: "EUR" });

  await expect(ask(address, { currency: "USD" })).rejects.toThrow(AddressUnderWayError);
  await expect(ask(address, { currency: "EUR", dryRun: true })).rejects.toThrow(AddressUnderWayError);

  expect((await ask(address, { currency: "EUR" })).importId).toBe(importId);
});

test("a file that breaks off is fetched again from its beginning, and half of it is never read", async () => {
  let tries = 0;
  const { importId, network } = await asked((_request, response) => {
    tries += 1;
    response.setHeader("content-length", Buffer.byteLength(csv));
    if (tries === 1) response.write(csv.slice(0, 100), () => response.destroy());
    else response.end(csv);
  });

  await expect(run(importId, { network })).rejects.toThrow(TemporaryError);
  expect(await row(importId)).toMatchObject({ status: "running", rowsRead: 0 });
  await expect(headObject(`imports/${importId}`)).rejects.toThrow(ObjectNotFoundError);
  expect(await run(importId, { network })).toMatchObject({ created: 2, total: 3 });
});

test("an import that goes on reads the file that was fetched, whatever the address has become", async () => {
  const { importId, network, server } = await asked((_request, response) => response.end(csv));
  const crash = () => Promise.reject(new Error("killed"));
  await expect(
    run(importId, { network, chunkRows: 1, report: ({ rowsRead }) => (rowsRead > 0 ? crash() : undefined) }),
  ).rejects.toThrow("killed");

  const result = await run(importId, { network: { resolve: async () => [] } });

  expect(result).toMatchObject({ created: 2, total: 3 });
  expect(server.requests).toBe(1);
});

test("an import does not go on in another file than the one that it began", async () => {
  const { importId, network } = await asked((_request, response) => response.end(csv));
  await expect(
    run(importId, {
      network,
      report: ({ phase }) => (phase === "reading" ? Promise.reject(new Error("killed")) : undefined),
    }),
  ).rejects.toThrow("killed");
  await putObject({ key: `imports/${importId}`, body: Buffer.from(`${csv}\n`), contentType: "text/csv" });

  await expect(run(importId, { network })).rejects.toThrow(UnreadableFileError);

  expect(await row(importId)).toMatchObject({
    status: "failed",
    failureReason: expect.stringContaining("another one"),
  });
  expect(await db().product.count()).toBe(0);
});

test.each([
  ["an address inside", "http://127.0.0.1/shop.csv", AddressRefusedError, "not a host on the public internet"],
  ["a name that leads inside", "http://inside.test/shop.csv", AddressRefusedError, "not a host on the public internet"],
])("%s ends the import with the reason, without a connection", async (_name, address, error, reason) => {
  const server = await serve((_request, response) => response.end(csv));
  const { importId } = await ask(address.replace("/shop.csv", `:${server.port}/shop.csv`));

  const network = server.options({ resolve: async () => ["10.0.0.1"] });
  await expect(run(importId, { network })).rejects.toThrow(error);

  expect(await row(importId)).toMatchObject({ status: "failed", failureReason: expect.stringContaining(reason) });
  expect(server.requests).toBe(0);
});

test("a page in place of the file ends the import with the reason", async () => {
  const { importId, network } = await asked((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<html>");
  });

  await expect(run(importId, { network })).rejects.toThrow(DownloadRefusedError);

  expect(await row(importId)).toMatchObject({ status: "failed", failureReason: expect.stringContaining("a web page") });
});

test("an import that is stopped while its file is fetched stops fetching", async () => {
  const { importId, network, server } = await asked((_request, response) => {
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  });
  let nowMs = Date.now();
  let pieces = 0;

  const work = run(importId, {
    network,
    clock: () => {
      nowMs += 500;
      return new Date(nowMs);
    },
    report: async () => {
      pieces += 1;
      if (pieces === 3) await cancelImport({ actor: staff, importId, now: new Date() });
    },
  });

  await expect(work).rejects.toThrow(ImportStateError);
  expect(pieces).toBeLessThan(8);
  expect(await row(importId)).toMatchObject({ status: "cancelled" });
  await expect(headObject(`imports/${importId}`)).rejects.toThrow(ObjectNotFoundError);
  expect(server.requests).toBe(1);
});

test("what is no address of a file is refused at once, as is who is not staff", async () => {
  for (const source of [
    "shop.csv",
    "ftp://files.test/shop.csv",
    "https://ada:secret@files.test/",
    "file:///etc/passwd",
  ])
    await expect(ask(source)).rejects.toThrow(AddressRefusedError);
  const plain = ImportAddressInput.parse({ source: "http://files.test/shop.csv" });
  await expect(triggerDataImport({ actor: staff, ...plain, now: new Date() })).rejects.toThrow("http://");
  const shopper = { kind: "shopper" } as const;
  await expect(triggerDataImport({ actor: shopper, ...plain, now: new Date() })).rejects.toThrow(NotAllowedError);

  expect(await db().import.count()).toBe(0);
});
