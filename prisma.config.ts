import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations", seed: "tsx prisma/seed.ts" },
  // Empty is enough to generate the client; migrating needs the real address.
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
