import { z } from "zod";
import { idSchema } from "@/lib/ids";
import { filledLine } from "@/lib/text-input";

/** The form beside a finding. */
export const ResolveFindingInput = z.object({
  findingId: idSchema("finding"),
  note: filledLine("Say what was done about it.", 500),
});
