import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const support = (file: string) => fileURLToPath(new URL(`tests/support/${file}`, import.meta.url));
const project = (name: string, setupFiles: string[], globalSetup?: string) => ({
  extends: true as const,
  test: { name, include: [`tests/${name}/**/*.test.{ts,tsx}`], setupFiles: setupFiles.map(support), globalSetup },
});

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } },
  test: {
    environment: "node",
    // Integration tests open sockets and databases; two cores are shared with the servers under test.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // By itself it takes one less than there are cores. Most tests wait for a server rather than for a core.
    maxWorkers: 2,
    projects: [
      project("unit", ["console.ts"]),
      project("integration", ["console.ts", "integration-setup.ts"], support("global-postgres.ts")),
      project("local", ["console.ts"], support("global-postgres.ts")),
    ],
  },
});
