import { auth } from "@trigger.dev/sdk";
import { env } from "@/lib/env";
import { ofRuns } from "./errors";

/** What a page needs to watch runs: a token that can read just these, and the platform's address. */
export type RunAccess = { accessToken: string; baseUrl: string; expiresAt: string };

const lifetimeMs = 60 * 60 * 1000;

async function access(scopes: { tags: string[] } | { runs: string[] }): Promise<RunAccess> {
  const expiresAt = new Date(Date.now() + lifetimeMs);
  const accessToken = await ofRuns(auth.createPublicToken({ scopes: { read: scopes }, expirationTime: expiresAt }));
  return { accessToken, baseUrl: env().TRIGGER_API_URL, expiresAt: expiresAt.toISOString() };
}

/** For one hour, reading runs that bear this tag and nothing else. The caller has checked who asks. @throws RunsUnavailableError */
export function accessToTag(tag: string): Promise<RunAccess> {
  return access({ tags: [tag] });
}

/** For one hour, reading this run and nothing else. The caller has checked who asks. @throws RunsUnavailableError */
export function accessToRun(runId: string): Promise<RunAccess> {
  return access({ runs: [runId] });
}
