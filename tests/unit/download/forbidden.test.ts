import { Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { AddressRefusedError } from "@/lib/download/errors";
import { openDownload } from "@/lib/download/open-download";
import { forbiddenAddresses, forbiddenHosts, forbiddenNames } from "./forbidden";
import { serve } from "./serve";

const bytesMax = 1_000_000;
const connect = vi.spyOn(Socket.prototype, "connect");

afterEach(() => connect.mockClear());

/** A name that the case does not speak of is a public host: what is refused must be refused for what it is. */
const resolve = async (host: string) => new Map(forbiddenNames).get(host) ?? ["93.184.215.14"];

async function expectRefused(address: string): Promise<void> {
  await expect(openDownload(address, { bytesMax, resolve }), address).rejects.toThrow(AddressRefusedError);
  expect(connect, address).not.toHaveBeenCalled();
}

test("no connection is made to an address inside, however it is written", async () => {
  const addresses = forbiddenHosts.flatMap((host) => [`https://${host}/products.csv`, `https://${host}:8443/`]);

  for (const address of addresses) await expectRefused(address);

  expect(new Set(addresses).size).toBeGreaterThan(500);
});

test("no connection is made to a name that leads inside", async () => {
  for (const [name] of forbiddenNames) await expectRefused(`https://${name}/products.csv`);
});

test("no connection is made for what is no address of a file on the web", async () => {
  for (const address of forbiddenAddresses) await expectRefused(address);
});

test("http:// is taken where it is allowed, and leads no further inside than https://", async () => {
  for (const host of forbiddenHosts)
    await expect(openDownload(`http://${host}/`, { bytesMax, resolve, allowHttp: true })).rejects.toThrow(
      AddressRefusedError,
    );
  expect(connect).not.toHaveBeenCalled();
});

test("a name that nobody knows is said to be one", async () => {
  const unknown = () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));

  await expect(openDownload("https://files.example.com/", { bytesMax, resolve: unknown })).rejects.toThrow(
    "There is no host files.example.com.",
  );
});

test("no redirect leads inside", async () => {
  const server = await serve((request, response) => {
    const to = new URL(request.url ?? "", "http://files.test").searchParams.get("to") ?? "";
    response.writeHead(302, { location: Buffer.from(to).toString("latin1") }).end();
  });
  const targets = [
    ...forbiddenHosts.map((host) => `http://${host}:${server.port}/`),
    ...forbiddenNames.map(([name]) => `http://${name}:${server.port}/`),
    `//127.0.0.1:${server.port}/`,
    "file:///etc/passwd",
    `http://user:secret@files.test:${server.port}/`,
  ];

  for (const to of targets) {
    const address = `${server.url}/?to=${encodeURIComponent(to)}`;
    await expect(openDownload(address, server.options({ resolve })), to).rejects.toThrow(AddressRefusedError);
  }

  expect(server.requests).toBe(targets.length);
  expect(connect).toHaveBeenCalledTimes(targets.length);
});

test("a redirect from https:// to http:// is not followed unless http:// is allowed", async () => {
  const server = await serve(
    (_request, response) => void response.writeHead(302, { location: "http://b.test/" }).end(),
  );

  await expect(openDownload(server.url, { ...server.options(), allowHttp: false })).rejects.toThrow("https://");

  expect(server.requests).toBe(0);
});

test("a name that leads elsewhere a moment later leads nowhere", async () => {
  const server = await serve((request, response) => {
    if (request.url === "/") response.writeHead(302, { location: "/again" });
    response.end("Handle");
  });
  const answers = [["127.0.0.1"], ["169.254.169.254"]];
  const isAllowed = (address: string) => address === "127.0.0.1";
  const changing = { ...server.options(), resolve: async () => answers.shift() ?? [], isAllowed };

  await expect(openDownload(server.url, changing)).rejects.toThrow(AddressRefusedError);

  expect(answers).toEqual([]);
  expect(connect).toHaveBeenCalledTimes(1);
});

test("the connection goes to the address that was checked, whatever the name would lead to", async () => {
  const server = await serve((_request, response) => void response.end("Handle"));
  let lookups = 0;
  const once = async () => (lookups++ === 0 ? ["127.0.0.1"] : ["169.254.169.254"]);

  const download = await openDownload(server.url, { ...server.options(), resolve: once });
  download.close();

  expect(lookups).toBe(1);
  expect(server.requests).toBe(1);
});
