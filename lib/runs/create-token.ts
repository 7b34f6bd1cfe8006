import { wait } from "@trigger.dev/sdk";
import { effect } from "@/lib/crash-point";

/** A token that a run can wait on: the same `key` is the same token, whoever asks and however often. */
export async function createToken(token: { key: string; timeout: string; tags: string[] }): Promise<{ id: string }> {
  const { key, timeout, tags } = token;
  const { id } = await effect("trigger new token", () => wait.createToken({ idempotencyKey: key, timeout, tags }));
  return { id };
}
