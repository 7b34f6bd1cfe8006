import type { Tx } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import type { OutboxMessages, OutboxName } from "./messages";
import { countRequest } from "./requests";

/**
 * Asks for background work in the transaction that causes it: both happen or neither.
 *
 * Asking again under the same `key` is asking once. `tags` become tags of the run (at most eight), which pages
 * subscribe to. `availableAt` holds the message back until then.
 */
export async function addToOutbox<Name extends OutboxName>(
  tx: Tx,
  name: Name,
  message: { key: string; payload: OutboxMessages[Name]; tags?: readonly string[]; availableAt?: Date },
): Promise<void> {
  countRequest();
  await tx.outboxMessage.createMany({
    data: [
      {
        id: newId("outbox"),
        name,
        key: message.key,
        payload: message.payload,
        tags: [...(message.tags ?? [])],
        availableAt: message.availableAt,
      },
    ],
    skipDuplicates: true,
  });
}
