import { db } from "@/lib/db/client";
import { TemporaryError } from "@/lib/errors";
import { pause } from "../processes";
import { perform } from "./perform";

const atOnce = 8;
const triesMax = 20;

/** Runs a step as the platform does: what may pass is tried again. */
export async function withTries<T>(step: () => Promise<T>, tries = triesMax): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof TemporaryError) || attempt >= tries) throw error;
      await pause(20 * attempt);
    }
  }
}

/**
 * Does what the outbox asks for as the tasks would, several messages at a time, until nothing is left; what that asks
 * for in turn included. Each message is noted as its own run, since there is no platform. Sentences for what failed.
 */
export async function workOff(now: () => Date): Promise<string[]> {
  const failures: string[] = [];
  for (;;) {
    const messages = await db().outboxMessage.findMany({
      where: { sentAt: null },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      take: 200,
    });
    if (messages.length === 0) return failures;
    const left = messages.values();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const { id, key, ...message } of left) {
          await withTries(() => perform(message, now())).catch((error: unknown) => {
            failures.push(`${key}: ${error instanceof Error ? error.message : error}`);
          });
          await db().outboxMessage.update({ where: { id }, data: { sentAt: new Date(), runId: `run_${id}` } });
        }
      }),
    );
  }
}
