import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type OutputFile, type Plugin } from "esbuild";
import { glob, isDynamicPattern } from "tinyglobby";
import type { BundleManifest } from "../processes/messages";
import { startExtensions } from "./extensions";
import { externalsPlugin } from "./externals";
import type { Project } from "./load-config";

export type Bundle = {
  runProcess: string;
  indexProcess: string;
  manifestFile: string;
  manifest: BundleManifest;
  contentHash: string;
  sources: Sources;
};

/** What a change of makes another bundle: these files, and any file with code that appears in these folders. */
export type Sources = { files: string[]; folders: string[] };

const codeExtensions = "{ts,tsx,mts,cts,js,jsx,mjs,cjs}";
const ignoredByDefault = ["test", "spec"].map((kind) => `**/*.${kind}.{ts,mts,cts,js,mjs,cjs}`);
const ignoredAlways = ["node_modules", ".git", ".trigger", ".next"].map((folder) => `**/${folder}/**`);
const ownFolder = fileURLToPath(new URL("../", import.meta.url));
const ownFile = (name: string) => fileURLToPath(new URL(`../processes/${name}.ts`, import.meta.url));

/** Bundles the project's tasks with the processes that execute them: with the options of the official command line. */
export async function bundleProject(project: Project, outDir: string, say: (line: string) => void): Promise<Bundle> {
  const files = await findFiles(project);
  if (files.length === 0) {
    throw new Error(
      `No task files in ${project.dirs.join(", ") || "the project"}. Check \`dirs\` in trigger.config.ts.`,
    );
  }
  const extensions = await startExtensions(project, say);
  const isInit = (file: string) => project.dirs.some((dir) => relative(dir, file).replace(/\.\w+$/, "") === "init");
  const initFile = files.find(isInit);
  const tasks = files
    .filter((file) => file !== initFile)
    .map((entry, n) => ({ entry, name: `tasks/${n}-${basename(entry)}` }));
  const { outputFiles, metafile } = await build({
    ...optionsFor(project),
    outdir: outDir,
    entryPoints: {
      "run-process": ownFile("run-process"),
      "index-process": ownFile("index-process"),
      config: project.configFile,
      ...(initFile ? { init: join(project.projectDir, initFile) } : {}),
      ...Object.fromEntries(tasks.map(({ entry, name }) => [name, join(project.projectDir, entry)])),
    },
    inject: [ownFile("shim")],
    plugins: [externalsPlugin(project, outDir), withoutBuildExtensions(project), serverOnly, ...extensions.plugins],
    write: false,
    metafile: true,
  });
  for (const { path, contents } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
  await extensions.finish(outDir);

  const out = (name: string) => join(outDir, `${name}.mjs`);
  const manifest: BundleManifest = {
    configPath: out("config"),
    initPath: initFile ? out("init") : undefined,
    files: tasks.map(({ entry, name }) => ({ entry, out: out(name) })),
  };
  const manifestFile = join(outDir, "bundle.json");
  await writeFile(manifestFile, JSON.stringify(manifest));
  return {
    runProcess: out("run-process"),
    indexProcess: out("index-process"),
    manifestFile,
    manifest,
    contentHash: hashOf(outputFiles),
    sources: {
      files: [project.configFile, ...filesOf(project, Object.keys(metafile.inputs))],
      folders: project.dirs.map((dir) => resolve(project.projectDir, dir.replace(/[*?{[(!].*$/, ""))),
    },
  };
}

/** The project's own files, of all that went into a bundle. */
function filesOf({ projectDir }: Project, inputs: string[]): string[] {
  return inputs
    .map((input) => resolve(projectDir, input))
    .filter((path) => existsSync(path) && !/[\\/]node_modules[\\/]/.test(path) && !path.startsWith(ownFolder));
}

async function findFiles({ projectDir, dirs, config }: Project): Promise<string[]> {
  const patterns = dirs.map((dir) =>
    isDynamicPattern(dir) ? `${dir}/*.${codeExtensions}` : `${dir}/**/*.${codeExtensions}`,
  );
  const ignore = [...(config.ignorePatterns ?? ignoredByDefault), ...ignoredAlways];
  return (await glob(patterns, { cwd: projectDir, ignore })).sort();
}

function optionsFor({ projectDir, config }: Project): BuildOptions {
  const { build: settings, tsconfig } = config;
  return {
    absWorkingDir: projectDir,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: ["node20", "es2022"],
    charset: "utf8",
    sourcemap: true,
    conditions: [...(settings?.conditions ?? []), "trigger.dev", "module", "node"],
    keepNames: settings?.keepNames ?? true,
    minify: settings?.minify ?? false,
    loader: { ".js": "jsx", ".mjs": "jsx", ".cjs": "jsx", ".wasm": "copy" },
    outExtension: { ".js": ".mjs" },
    logLevel: "silent",
    ...(tsconfig ? { tsconfig } : {}),
    ...(settings?.jsx?.automatic === false
      ? { jsxFactory: settings.jsx.factory, jsxFragment: settings.jsx.fragment }
      : { jsx: "automatic", jsxDev: true }),
  };
}

/** Run processes read the configuration too, but not what builds the project: that would drag whole compilers in. */
function withoutBuildExtensions({ configFile }: Project): Plugin {
  return {
    name: "without-build-extensions",
    setup(build) {
      build.onResolve({ filter: /^@trigger\.dev\/build(\/|$)/ }, ({ importer, path }) =>
        importer === configFile ? { path, namespace: "build-extension" } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: "build-extension" }, () => ({
        // As the prototype: named imports are looked up in a copy of what is exported, which has the same prototype.
        contents: "module.exports = Object.create(new Proxy({}, { get: () => function () { return {}; } }));",
        loader: "js",
      }));
    },
  };
}

/** Modules marked for the server only may be used in tasks: they run on one. */
const serverOnly: Plugin = {
  name: "server-only",
  setup(build) {
    build.onResolve({ filter: /^server-only$/ }, ({ path }) => ({ path, namespace: "server-only" }));
    build.onLoad({ filter: /.*/, namespace: "server-only" }, () => ({
      contents: "export default true;",
      loader: "js",
    }));
  },
};

/** The same code has the same hash, wherever its bundle lies. */
function hashOf(outputs: OutputFile[]): string {
  const hash = createHash("sha256");
  for (const one of outputs.map((output) => `${basename(output.path)} ${output.hash}`).sort()) hash.update(`${one}\n`);
  return hash.digest("hex").slice(0, 32);
}
