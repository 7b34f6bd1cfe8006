// One process of the store: does one step after the other, as its parent says, and kills itself where it is told to.
import { writeSync } from "node:fs";
import { setCrashTrap } from "@/lib/crash-point";
import type { Order } from "./in-processes";
import { runStep } from "./steps";

/** A pipe to the parent for last words, which must be out before the signal. */
const lastWords = 4;

let passed: string[] = [];

process.on("message", ({ step, death }: Order) => {
  passed = [];
  setCrashTrap(
    (point) => {
      passed.push(point);
      if (point !== death?.point || passed.filter((name) => name === point).length < death.passing) return;
      writeSync(lastWords, JSON.stringify(passed));
      process.kill(process.pid, "SIGKILL");
    },
    { everywhere: true },
  );
  void runStep(step.name, step.input, step.clockMs).then((end) => process.send?.({ passed, end }));
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
