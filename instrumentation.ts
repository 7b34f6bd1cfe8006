/** Runs once when the web server starts: wrong settings stop it here, with a sentence, not at the first order. */
export async function register(): Promise<void> {
  // Next compiles this file for its edge runtime too, where a process cannot be ended.
  // biome-ignore lint/style/noProcessEnv: Next replaces this name while building; it is no setting of ours.
  if (process.env.NEXT_RUNTIME === "edge") return;
  const { checkSettings } = await import("@/app/_server/check-settings");
  checkSettings();
}
