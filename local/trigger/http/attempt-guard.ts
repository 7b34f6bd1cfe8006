import type { MiddlewareHandler } from "hono";
import type { Server } from "../engine/context";
import { internal } from "../engine/ids";
import { Refusal } from "../engine/refusal";
import { attemptHeader } from "../worker/protocol";

/**
 * Refuses what an attempt asks for while its run has gone on without it: a request that a dead process left behind must
 * not make the next attempt wait. Only the run processes of worker hosts say which attempt they are.
 */
export function attemptGuard({ db }: Server): MiddlewareHandler {
  return async (c, next) => {
    const [run, attempt] = (c.req.header(attemptHeader) ?? "").split("/");
    if (run && attempt) {
      const [newer] = await db.prepared(
        `select 1 from run where id = $1 and (execution_status = 'QUEUED' or attempt_number <> $2
           and execution_status in ('EXECUTING', 'EXECUTING_WITH_WAITPOINTS', 'PENDING_CANCEL'))`,
        [internal("run", run), Number(attempt)],
      );
      if (newer) throw new Refusal(409, `Attempt ${attempt} of this run is over`);
    }
    await next();
  };
}
