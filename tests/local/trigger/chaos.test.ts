import { spawn } from "node:child_process";
import { expect, test } from "vitest";

// The whole proof is `npm run chaos -- engine --seed 1 --kills 1000`; this is its smallest part that still means something.
test.runIf(process.platform === "linux")(
  "killed again and again, servers, hosts and Postgres lose no acknowledged run and execute none twice at a time",
  async () => {
    const args = ["--import", "tsx", "chaos/engine.ts", "--seed", "3", "--kills", "25", "--stall", "1500"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
      });
    }
    const code = await new Promise((resolve) => child.once("close", resolve));

    expect(printed).toContain("lost 0, doubled 0, wrong 0, left over 0");
    expect(code).toBe(0);
  },
  240_000,
);
