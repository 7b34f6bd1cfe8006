// npm run check: everything that must hold before a change is done.
import { projectDir } from "./prepare.mjs";
import { startTypeScript } from "./start.mjs";

const { runChecks } = await startTypeScript("local/launcher/checks.ts");
const { failed } = await runChecks(projectDir);
process.exit(failed === 0 ? 0 : 1);
