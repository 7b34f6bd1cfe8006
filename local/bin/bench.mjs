// npm run bench [-- <name>]: runs bench/<name>.ts, or every one of them, each in a process of its own.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { generateClient, inProject, install, projectDir, requireNode } from "./prepare.mjs";

requireNode();
install(console.error);
generateClient(console.error);

const wanted = process.argv.slice(2);
const all = existsSync(inProject("bench"))
  ? readdirSync(inProject("bench")).filter((name) => name.endsWith(".ts"))
  : [];
const chosen = all.filter((name) => wanted.length === 0 || wanted.includes(name.replace(/\.ts$/, "")));
if (chosen.length === 0) console.log(`There is no benchmark to run. There are: ${all.join(", ") || "none yet"}`);
for (const name of chosen) {
  const { status } = spawnSync(process.execPath, ["--import", "tsx", inProject(`bench/${name}`)], {
    cwd: projectDir,
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
