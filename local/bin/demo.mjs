// npm run demo: the whole shop on this machine, from a bare checkout.
import { projectDir } from "./prepare.mjs";
import { startTypeScript } from "./start.mjs";

const { runWorld } = await startTypeScript("local/launcher/run-world.ts");
await runWorld("demo", projectDir, process.argv.slice(2));
