import { readFileSync } from "node:fs";
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { type PreparedProject, prepareProject } from "@/local/trigger/worker/host";
import { indexTasks } from "@/local/trigger/worker/index-tasks";
import { manifestVariable } from "@/local/trigger/worker/processes/messages";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

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
  const programs = await bundlePrograms(folder);
  const projectDir = join(folder, "project");
  await cp(join(root, "chaos/project"), projectDir, { recursive: true });
  const preparedFile = join(folder, "prepared.json");
  const prepared = await prepare(projectDir, join(projectDir, ".trigger", "prepared"), process.env);
  await writeFile(preparedFile, JSON.stringify(prepared));
  return { ...programs, projectDir, preparedFile };
}

/** The same for the store's own tasks. What they are made into lies in the project, where their packages are found. */
export async function buildStorePrograms(
  folder: string,
  env: NodeJS.Dict<string>,
): Promise<Built & { remove: () => Promise<void> }> {
  const programs = await bundlePrograms(folder);
  const outDir = join(root, ".trigger", `chaos-${process.pid}`);
  const remove = () => rm(outDir, { recursive: true, force: true });
  const preparedFile = join(folder, "prepared.json");
  try {
    await writeFile(preparedFile, JSON.stringify(await prepare(root, outDir, env)));
  } catch (error) {
    await remove();
    throw error;
  }
  return { ...programs, projectDir: root, preparedFile, remove };
}

async function bundlePrograms(folder: string): Promise<Pick<Built, "server" | "host">> {
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  const [server, host] = [join(folder, "server.mjs"), join(folder, "host.mjs")];
  await bundle(join(root, "local/trigger/main.ts"), server);
  await bundle(join(root, "chaos/host.ts"), host);
  return { server, host };
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
    alias: { "@": root },
    plugins: [ownUrls],
    // Hundreds of starts that read one file instead of hundreds. esbuild does not work from inside of a bundle.
    external: ["pg-native", "esbuild"],
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  });
}

async function prepare(projectDir: string, outDir: string, env: NodeJS.Dict<string>): Promise<PreparedProject> {
  const say = () => undefined;
  await mkdir(outDir, { recursive: true });
  const prepared = await prepareProject(projectDir, outDir, say);
  const indexEnv = { ...env, [manifestVariable]: prepared.bundle.manifestFile };
  return { ...prepared, index: await indexTasks(prepared.bundle, { projectDir, env: indexEnv, say }) };
}
