// Writes Prisma's client into lib/db/generated when it is absent or older than the schema.
import { generateClient } from "./prepare.mjs";

generateClient(console.log);
