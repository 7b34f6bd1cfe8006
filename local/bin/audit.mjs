// npm run audit: checks the money and the stock of a store; see audit/options.ts for what it takes.
import { spawnSync } from "node:child_process";
import { inProject, install, projectDir, requireNode } from "./prepare.mjs";

requireNode();
install(console.error);

const program = ["--import", "tsx", inProject("audit/main.ts"), ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, program, { cwd: projectDir, stdio: "inherit" });
process.exitCode = status ?? 2;
