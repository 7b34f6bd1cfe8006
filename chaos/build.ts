import { readFileSync } from "node:fs";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { type PreparedProject, prepareProject } from "@/local/trigger/worker/host";
import { indexTasks } from "@/local/trigger/worker/index-tasks";
import { manifestVariable } from "@/local/trigger/worker/processes/messages";

const root = fileURLToPath(new URL("..", import.meta.url));

export type Built = { server: string; host: string; projectDir: string; preparedFile: string };

/** Files that lie beside the source are found there, not beside the bundle. */
const ownUrls: Plugin = {
  name: "own-urls",
  setup(builder) {
    builder.onLoad({ filter: /\/(local|chaos)\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts",
    }));
  },
};

/** Makes once what is started hundreds of times: the programs as one file each, and the project that the hosts run. */
export async function buildPrograms(folder: string): Promise<Built> {
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  await bundle(join(root, "local/trigger/main.ts"), join(folder, "server.mjs"));
  await bundle(join(root, "chaos/host.ts"), join(folder, "host.mjs"));
  const projectDir = join(folder, "project");
  await cp(join(root, "chaos/project"), projectDir, { recursive: true });
  const preparedFile = join(folder, "prepared.json");
  await writeFile(preparedFile, JSON.stringify(await prepare(projectDir)));
  return { server: join(folder, "server.mjs"), host: join(folder, "host.mjs"), projectDir, preparedFile };
}

function bundle(entry: string, outfile: string) {
  return build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "silent",
    alias: { "@": root.replace(/\/$/, "") },
    plugins: [ownUrls],
    // Hundreds of starts that read one file instead of hundreds. esbuild does not work from inside of a bundle.
    external: ["pg-native", "esbuild"],
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  });
}

async function prepare(projectDir: string): Promise<PreparedProject> {
  const say = () => undefined;
  const outDir = join(projectDir, ".trigger", "prepared");
  await mkdir(outDir, { recursive: true });
  const prepared = await prepareProject(projectDir, outDir, say);
  const env = { ...process.env, [manifestVariable]: prepared.bundle.manifestFile };
  return { ...prepared, index: await indexTasks(prepared.bundle, { projectDir, env, say }) };
}
