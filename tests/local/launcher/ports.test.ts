import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { defaultPorts, type PortWishes, readOptions } from "@/local/launcher/options";
import { choosePorts } from "@/local/launcher/ports";

/** A port that something listens on for the running test. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

async function wishesWith(store: { port: number; asked: boolean }): Promise<PortWishes> {
  const wish = async () => ({ port: 20_000 + Math.floor(Math.random() * 10_000), asked: false });
  return {
    store,
    trigger: await wish(),
    stripe: await wish(),
    resend: await wish(),
    s3: await wish(),
    carrier: await wish(),
    postgres: await wish(),
  };
}

test("a default port that is taken moves to a free one, and it is said which and why", async () => {
  const taken = await takenPort();
  const said: string[] = [];

  const ports = await choosePorts(await wishesWith({ port: taken, asked: false }), (line) => said.push(line));

  expect(ports.store).toBeGreaterThan(taken);
  expect(said).toContainEqual(
    expect.stringMatching(`Port ${taken} \\(store\\) is taken.*using ${ports.store} instead`),
  );
});

test("a port that was asked for and is taken stops the start with a sentence naming it", async () => {
  const taken = await takenPort();

  const choosing = choosePorts(await wishesWith({ port: taken, asked: true }), () => {});

  await expect(choosing).rejects.toThrow(`Port ${taken} (store) is taken`);
});

test.runIf(process.platform === "linux")("the sentence names the process that has the port", async () => {
  const taken = await takenPort();

  const choosing = choosePorts(await wishesWith({ port: taken, asked: true }), () => {});

  await expect(choosing).rejects.toThrow(`by process ${process.pid} (`);
});

test("a flag wins over its variable, a variable over the default", () => {
  const environment = { NODE_ENV: "test" as const, SHOPFLOOR_PORT_STORE: "4000", SHOPFLOOR_PORT_S3: "4043" };

  const { ports } = readOptions(["--port-store", "5000"], environment, "/project");

  expect(ports.store).toEqual({ port: 5000, asked: true });
  expect(ports.s3).toEqual({ port: 4043, asked: true });
  expect(ports.trigger).toEqual({ port: defaultPorts.trigger, asked: false });
});

test.each(["0", "70000", "30a", "1.5"])("%s is no port, and the sentence says whose", (port) => {
  expect(() => readOptions(["--port-store", port], { NODE_ENV: "test" }, "/project")).toThrow(/--port-store is/);
  expect(() => readOptions([], { NODE_ENV: "test", SHOPFLOOR_PORT_STORE: port }, "/project")).toThrow(
    /SHOPFLOOR_PORT_STORE is/,
  );
});

test("an unknown flag is refused with the way to the list of flags", () => {
  expect(() => readOptions(["--prot-store", "1"], { NODE_ENV: "test" }, "/project")).toThrow(/--help/);
});
