import type { Tx } from "../db/database";
import { completeWaitpoint, type Waitpoint } from "./waitpoints";

/** A wait's date has come, or a token's time is over. */
export async function completeDueWaitpoint(tx: Tx, id: string): Promise<void> {
  const [waitpoint] = await tx.query<Waitpoint>("select * from waitpoint where id = $1", [id]);
  if (!waitpoint) return;
  if (waitpoint.type === "DATETIME") {
    await completeWaitpoint(tx, id, { output: null });
    return;
  }
  await completeWaitpoint(tx, id, {
    output: JSON.stringify({
      code: "TRIGGER_WAITPOINT_TIMEOUT",
      message: `Waitpoint timed out at ${waitpoint.completed_after?.toISOString()}`,
    }),
    outputType: "application/json",
    isError: true,
  });
}
