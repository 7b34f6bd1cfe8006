import { z } from "zod";
import { idSchema } from "@/lib/ids";

/** The form beside a finding. */
export const ResolveFindingInput = z.object({
  findingId: idSchema("finding"),
  note: z
    .string("Say what was done about it.")
    .trim()
    .min(1, "Say what was done about it.")
    .max(500, "At most 500 characters, please."),
});
