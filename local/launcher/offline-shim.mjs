// Loaded into the Trigger.dev command line with --import; the package itself stays as it is. At its start it asks two
// outside hosts for things a local world can do without, and retries for 7.5 seconds where there is no internet: they
// are answered here. And it gives up when its server is not there yet: so it waits, and both start side by side.
const unneeded = new Set(["npm.antfu.dev", "jsonhero.io"]);
const server = new URL(process.env.TRIGGER_API_URL ?? "http://127.0.0.1:3030").host;
const WAIT_MS = 30_000;
const waitUntil = Date.now() + WAIT_MS;
const fetchOutside = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const { hostname, host } = new URL(input instanceof Request ? input.url : String(input));
  if (unneeded.has(hostname)) return Promise.resolve(new Response("not needed locally", { status: 404 }));
  return host === server && Date.now() < waitUntil ? fetchWhenUp(input, init) : fetchOutside(input, init);
};

/** @type {typeof fetch} */
async function fetchWhenUp(input, init) {
  for (;;) {
    try {
      return await fetchOutside(input, init);
    } catch (error) {
      const refused = /** @type {{ cause?: { code?: string } }} */ (error).cause?.code === "ECONNREFUSED";
      if (!refused || Date.now() > waitUntil) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
