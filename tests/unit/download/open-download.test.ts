import type { ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DownloadRefusedError } from "@/lib/download/errors";
import { fileNameOf } from "@/lib/download/file-name";
import { type DownloadOptions, openDownload } from "@/lib/download/open-download";
import { TemporaryError } from "@/lib/errors";
import { serve } from "./serve";

const csv = "Handle,Title\nmug,Blue mug\n";

async function fetchAll(address: string, options: DownloadOptions): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of (await openDownload(address, options)).bytes) parts.push(chunk);
  return Buffer.concat(parts);
}

async function serveOnce(answer: (response: ServerResponse) => void) {
  return serve((_request, response) => answer(response));
}

test("a file comes as it is, with its size where the server says it", async () => {
  const server = await serve((request, response) => {
    if (request.url === "/announced") response.setHeader("content-length", csv.length);
    response.write(csv);
    response.end();
  });

  expect(String(await fetchAll(server.url, server.options()))).toBe(csv);
  for (const [path, sizeBytes] of [
    ["/announced", csv.length],
    ["/", undefined],
  ] as const) {
    const download = await openDownload(server.url + path, server.options());
    download.close();
    expect(download.sizeBytes).toBe(sizeBytes);
  }
});

test.each([
  ["https://files.test/a/my%20shop.csv?token=1", "my shop.csv"],
  ["https://files.test/", "files.test"],
  ["https://files.test/100%25%", "100%25%"],
  ["https://files.test/%00%E2%80%8B.csv", ".csv"],
])("the file under %s is called %s", (address, name) => {
  expect(fileNameOf(new URL(address))).toBe(name);
});

test("redirects are followed, five of them", async () => {
  const server = await serve((request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end(csv);
    else response.writeHead(307, { location: `/${left - 1}` }).end();
  });

  expect(String(await fetchAll(`${server.url}/5`, server.options()))).toBe(csv);
  await expect(fetchAll(`${server.url}/6`, server.options())).rejects.toThrow("leads on more than 5 times");
});

test("what the server packs with gzip comes packed, to be unpacked within bounds", async () => {
  const server = await serveOnce((response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(csv));
  });

  expect(gunzipSync(await fetchAll(server.url, server.options())).toString()).toBe(csv);
});

test.each([
  ["packed in another way", 200, { "content-encoding": "br" }, "compressed in a way that is not read (br)"],
  ["a web page", 200, { "content-type": "text/html; charset=utf-8" }, "is a web page"],
  ["not there", 404, {}, "has no such file (it answered 404)"],
  ["gone", 410, {}, "has no such file (it answered 410)"],
  ["for members", 403, {}, "does not give the file away (it answered 403)"],
  ["a part only", 206, {}, "does not give the whole file (it answered 206)"],
  ["nothing", 204, {}, "does not give the whole file (it answered 204)"],
  ["a redirect without an address", 302, {}, "without saying where to"],
  ["announced to be too large", 200, { "content-length": "1000001" }, "larger than 1 MB"],
])("a file that is %s is refused with the reason", async (_name, status, headers, message) => {
  const server = await serveOnce((response) => {
    response.writeHead(status, headers as Record<string, string>);
    response.flushHeaders();
  });

  const work = fetchAll(server.url, server.options());

  await expect(work).rejects.toThrow(DownloadRefusedError);
  await expect(work).rejects.toThrow(message);
});

test("a file that grows without end is left at the bound", async () => {
  const endless = function* () {
    for (;;) yield Buffer.alloc(64 * 1024);
  };
  const server = await serveOnce((response) => pipeline(Readable.from(endless()), response, () => {}));
  let count = 0;

  const work = (async () => {
    for await (const chunk of (await openDownload(server.url, server.options())).bytes) count += chunk.length;
  })();

  await expect(work).rejects.toThrow("larger than 1 MB");
  expect(count).toBeLessThanOrEqual(1_000_000);
});

test.each([
  ["before the announced size", { "content-length": "1000" }],
  ["in the middle of a piece", { "transfer-encoding": "chunked" }],
])("a connection that closes %s is no whole file", async (_name, headers) => {
  const server = await serveOnce((response) => {
    response.writeHead(200, headers as Record<string, string>).write(csv, () => response.destroy());
  });

  const work = fetchAll(server.url, server.options());

  await expect(work).rejects.toMatchObject({ name: "TemporaryError", vendor: "download", pace: "at-once" });
  await expect(work).rejects.toThrow(`broke off after ${csv.length} bytes`);
});

test.each([
  ["before it answers", () => undefined],
  ["in the middle of the file", (response: ServerResponse) => void response.write(csv)],
])("a server that goes silent %s is not waited for", async (_name, answer) => {
  const server = await serveOnce(answer);

  await expect(fetchAll(server.url, server.options({ silentMsMax: 150 }))).rejects.toThrow(/othing came for 0.15 s/);
});

test("a server that trickles is left when the time is over", async () => {
  const server = await serveOnce((response) => {
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  });

  await expect(fetchAll(server.url, server.options({ totalMsMax: 300 }))).rejects.toThrow(TemporaryError);
});

test("nobody who listens is a failure that may pass", async () => {
  const server = await serveOnce((response) => response.end());
  const closed = server.url.replace(String(server.port), "1");

  await expect(fetchAll(closed, server.options())).rejects.toThrow(TemporaryError);
});
