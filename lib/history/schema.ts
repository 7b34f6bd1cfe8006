import { z } from "zod";
import { idSchema } from "@/lib/ids";

export const PastOrderIdInput = z.object({ id: idSchema("pastOrder") });
