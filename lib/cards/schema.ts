import { z } from "zod";
import { idSchema } from "@/lib/ids";

export const CardInput = z.object({ cardId: idSchema("savedCard") });
