import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

/**
 * Makes the folder the Trigger.dev command line runs in, and returns it. The command line keeps a lock and its bundles
 * beside the config file, and a second one there ends the first; so each world has a config of its own that takes
 * everything from the project's. It also keeps the project's .env files out: they are read from this folder.
 */
export async function prepareWorkerFolder(folder: string, projectDir: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const project = relative(folder, projectDir);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  await writeFile(join(folder, "package.json"), json({ name: "shopfloor-worker", private: true, type: "module" }));
  await writeFile(join(folder, "tsconfig.json"), json({ extends: join(projectDir, "tsconfig.json") }));
  await writeFile(
    join(folder, "trigger.config.ts"),
    `import config from "${project}/trigger.config";

export default { ...config, dirs: config.dirs.map((dir) => \`${project}/\${dir}\`) };
`,
  );
  for (const name of ["node_modules", "package-lock.json"]) {
    if (!existsSync(join(folder, name))) await symlink(join(projectDir, name), join(folder, name));
  }
  return folder;
}
