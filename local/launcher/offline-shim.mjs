// Loaded into the Trigger.dev command line with --import. At its start it asks two outside hosts for things a local
// world can do without, and retries for 7.5 seconds where there is no internet; they are answered here instead.
const unneeded = new Set(["npm.antfu.dev", "jsonhero.io"]);
const fetchOutside = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : String(input));
  if (unneeded.has(hostname)) return Promise.resolve(new Response("not needed locally", { status: 404 }));
  return fetchOutside(input, init);
};
