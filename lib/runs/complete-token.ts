import { wait } from "@trigger.dev/sdk";
import { ofRuns } from "./errors";

/**
 * Lets the run go on that waits on this token, if one still does. Completing a token again changes nothing.
 *
 * @throws RunNotFoundError, RunsUnavailableError
 */
export async function completeToken(tokenId: string, data: Record<string, string>): Promise<void> {
  await ofRuns(wait.completeToken(tokenId, data, { retry: { maxAttempts: 1 } }));
}
