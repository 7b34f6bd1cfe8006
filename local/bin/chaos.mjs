// npm run chaos -- <name> [--seed N] [--kills N]: runs chaos/<name>.ts, which kills what it started and looks what is left.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fail, generateClient, inProject, install, projectDir, requireNode } from "./prepare.mjs";

requireNode();
install(console.error);
generateClient(console.error);

const [name = "", ...options] = process.argv.slice(2);
if (!/^[a-z]+$/.test(name) || !existsSync(inProject(`chaos/${name}.ts`))) {
  fail("Say what to put to the proof: npm run chaos -- engine [--seed N] [--kills N]");
}
const { status } = spawnSync(process.execPath, ["--import", "tsx", inProject(`chaos/${name}.ts`), ...options], {
  cwd: projectDir,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
