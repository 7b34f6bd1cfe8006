/** Runs once when the web server starts: wrong settings stop it here, with a sentence, not at the first order. */
export async function register(): Promise<void> {
  const { env, EnvError } = await import("@/lib/env");
  try {
    env();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(`The store cannot start.\n${error.message}`);
    // Next would report the error, go on listening, and answer every request with a 500.
    process.exit(1);
  }
}
