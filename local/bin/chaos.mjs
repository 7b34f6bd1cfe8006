// npm run chaos -- [<name>] [--seed N] [--kills N] ...: runs chaos/<name>.ts, which does its worst to what it started and
// looks what is left. Without a name it is the shop's orders.
import { spawnSync } from "node:child_process";
import { fail, generateClient, inProject, install, projectDir, requireNode } from "./prepare.mjs";

requireNode();
install(console.error);
generateClient(console.error);

const proofs = ["orders", "engine", "points", "rush", "fulfil", "fuzz", "imports"];

const given = process.argv.slice(2);
const isNamed = given[0] !== undefined && !given[0].startsWith("-");
const [name, options] = isNamed ? [given[0], given.slice(1)] : ["orders", given];
if (!proofs.includes(name)) {
  fail(
    `There is no proof "${name}": npm run chaos -- [${proofs.join("|")}] [--seed N] ... (docs/reliability.md tells of each)`,
  );
}
const { status } = spawnSync(process.execPath, ["--import", "tsx", inProject(`chaos/${name}.ts`), ...options], {
  cwd: projectDir,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
