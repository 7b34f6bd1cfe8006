// npm run dev: the same world, with pages and tasks that follow every change of their source.
import { projectDir } from "./prepare.mjs";
import { startTypeScript } from "./start.mjs";

const { runWorld } = await startTypeScript("local/launcher/run-world.ts");
await runWorld("dev", projectDir, process.argv.slice(2));
