import { runs } from "@trigger.dev/sdk";
import { ofRuns } from "./errors";
import { storeRunTag } from "./tags";

/** Given up by the platform itself, or by a person: without another try, whatever the task's settings. */
const deadStatuses = ["CRASHED", "SYSTEM_FAILURE", "TIMED_OUT", "EXPIRED", "CANCELED"] as const;
/** The list is read once a minute. What was asked for earlier and died is found by the sweeps that look at what waits. */
const lookBackMs = 24 * 60 * 60_000;
const pageSize = 100;

/** The store's runs of the last day that the platform gave up, the newest first, at most `pagesMax` pages. @throws RunsUnavailableError */
export async function listDeadRuns({
  now,
  pagesMax = 5,
}: {
  now: Date;
  pagesMax?: number;
}): Promise<{ id: string; tags: string[] }[]> {
  const dead: { id: string; tags: string[] }[] = [];
  let page = await ofRuns(
    runs.list(
      { status: [...deadStatuses], tag: storeRunTag, from: now.getTime() - lookBackMs, limit: pageSize },
      { retry: { maxAttempts: 1 } },
    ),
  );
  for (let count = 1; ; count++) {
    for (const { id, tags } of page.data) dead.push({ id, tags });
    if (count === pagesMax || !page.hasNextPage()) return dead;
    page = await ofRuns(page.getNextPage());
  }
}
