import { wait } from "@trigger.dev/sdk";
import { effect } from "@/lib/crash-point";
import { ofRuns } from "./errors";

/**
 * Lets the run go on that waits on this token, if one still does. Completing a token again changes nothing.
 *
 * @throws RunNotFoundError, RunsUnavailableError
 */
export async function completeToken(tokenId: string, data: Record<string, string>): Promise<void> {
  await effect("trigger token", () => ofRuns(wait.completeToken(tokenId, data, { retry: { maxAttempts: 1 } })));
}
