import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { AddressRefusedError } from "@/lib/download/errors";
import { type DownloadOptions, openDownload } from "@/lib/download/open-download";
import { TemporaryError } from "@/lib/errors";
import { serve } from "./serve";

const file = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
/** For files.test alone, signed by itself, until 2126; it opens nothing but these tests. */
const [key, cert] = [file("tls-key.pem"), file("tls-certificate.pem")];

/** A server on this machine that shows that certificate, and how it was reached. */
async function serveTls(location?: string) {
  const counted = { requests: 0 };
  const server = createServer({ key, cert }, (_request, response) => {
    counted.requests += 1;
    if (location) response.writeHead(302, { location });
    response.end("Handle\nmug\n");
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { counted, port: (server.address() as AddressInfo).port };
}

const options = (changes: Partial<DownloadOptions> = {}): DownloadOptions => ({
  bytesMax: 1_000,
  resolve: async () => ["127.0.0.1"],
  isAllowed: (address) => address === "127.0.0.1",
  ...changes,
});

async function fetchAll(address: string, given: DownloadOptions): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of (await openDownload(address, given)).bytes) parts.push(chunk);
  return String(Buffer.concat(parts));
}

test("a file comes over TLS from a server whose certificate is right", async () => {
  const { port } = await serveTls();

  expect(await fetchAll(`https://files.test:${port}/`, options({ ca: cert }))).toBe("Handle\nmug\n");
});

test.each([
  ["nobody vouches for", "files.test", options(), /self-signed certificate/],
  ["is of another host", "other.test", options({ ca: cert }), /does not match certificate|altnames/i],
])("nothing is sent to a server whose certificate %s", async (_name, host, given, reason) => {
  const { counted, port } = await serveTls();

  const failure = await fetchAll(`https://${host}:${port}/`, given).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(TemporaryError);
  expect((failure as TemporaryError).message).toMatch(reason);
  expect(counted.requests).toBe(0);
});

test("from an address that begins with https nobody is led to one that does not", async () => {
  const plain = await serve((_request, response) => response.end("Handle\n"));
  const { port } = await serveTls(plain.url);

  const failure = await fetchAll(`https://files.test:${port}/`, options({ ca: cert })).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(AddressRefusedError);
  expect(plain.requests).toBe(0);
});
