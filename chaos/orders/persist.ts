import { pause } from "../processes";

const pauseMs = 400;
const triesMax = 300;

/** Does something again until it does not fail any more, as people do whose page does not load. */
export async function persist<Result>(work: () => Promise<Result>, isWorthwhile: (error: unknown) => boolean) {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isWorthwhile(error) || tries >= triesMax) throw error;
      await pause(pauseMs);
    }
  }
}
