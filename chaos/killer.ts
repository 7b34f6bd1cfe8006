import { runProcessTitle } from "@/local/trigger/worker/processes/messages";
import type { Kill } from "./plan";
import { childrenOf, killNow } from "./processes";
import type { Program } from "./program";

/** Kills what a plan says. */
export class Killer<Kind extends string> {
  /** Run processes that were killed under a living host. */
  readonly killedRunProcesses = new Set<number>();
  readonly #victims: Record<Exclude<Kind, "run process">, Program[]>;
  readonly #hosts: Program[];

  /** Of what is away in the order given another kind is taken. */
  constructor(victims: Record<Exclude<Kind, "run process">, Program[]>, hosts: Program[]) {
    this.#victims = victims;
    this.#hosts = hosts;
  }

  /** What is away already can not be killed: then another of its kind, or of another kind. Undefined: all are away. */
  async kill(kill: Kill<Kind>): Promise<Kind | undefined> {
    if (kill.kind === "run process" && this.#killRunProcess(kill)) return kill.kind;
    type Named = Exclude<Kind, "run process">;
    const kinds = new Set([kill.kind, ...(Object.keys(this.#victims) as Kind[])]);
    const all = [...kinds].flatMap((kind) => {
      const programs = this.#victims[kind as Named] ?? [];
      return programs.map((_, n) => ({ kind, victim: programs[(kill.index + n) % programs.length] }));
    });
    const atWork = all.filter(({ victim }) => victim?.isReady);
    for (const { kind, victim } of kill.mayBeStarting ? all : [...atWork, ...all]) {
      if (await victim?.kill(kill.downMs)) return kind;
    }
    return undefined;
  }

  #killRunProcess({ index, process: nth }: Kill): boolean {
    const host = this.#hosts[index]?.pid;
    const running = host === undefined ? [] : childrenOf(host).filter(isRunProcess);
    const victim = running[nth % Math.max(1, running.length)];
    if (!victim) return false;
    this.killedRunProcesses.add(victim.pid);
    return killNow(victim.pid);
  }
}

/** One that is starting bears the name of its program; from then on the name it gives itself. */
function isRunProcess({ command }: { command: string }): boolean {
  return command.includes("run-process") || command.startsWith(runProcessTitle);
}
