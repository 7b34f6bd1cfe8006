/** Runs once when the web server starts: wrong settings stop it here, with a sentence, not at the first order. */
export async function register(): Promise<void> {
  const { env } = await import("@/lib/env");
  env();
}
