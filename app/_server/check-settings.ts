import { EnvError, env } from "@/lib/env";

/** Ends the process with a sentence when a setting is missing or wrong. */
export function checkSettings(): void {
  try {
    env();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(`The store cannot start.\n${error.message}`);
    // Next would report the error, go on listening, and answer every request with a 500.
    process.exit(1);
  }
}
