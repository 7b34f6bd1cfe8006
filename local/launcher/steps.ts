/** Tells a person what is being done and how long it took. */
export type Steps = {
  say(line: string): void;
  /** Runs one step; its name and time are printed when it is over. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
};

/** Progress on `out`, one line per finished step, with seconds since the start in front. */
export function createSteps(out: NodeJS.WritableStream): Steps {
  const startedAt = performance.now();
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const say = (line: string) => {
    out.write(`${seconds(performance.now() - startedAt).padStart(8)}  ${line}\n`);
  };
  return {
    say,
    async step(name, work) {
      const begun = performance.now();
      const result = await work();
      say(`✓ ${name} (${seconds(performance.now() - begun)})`);
      return result;
    },
  };
}
