import { z } from "zod";

/** A run's id as the task platform makes them. */
export const RunId = z.string().regex(/^run_[a-z0-9]{1,60}$/i, "That is no run.");

export const RunInput = z.object({ runId: RunId });
