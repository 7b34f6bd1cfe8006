import { existsSync, readFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { alwaysExternal } from "@trigger.dev/core/v3/build";
import type { OnResolveArgs, Plugin, PluginBuild } from "esbuild";
import type { Project } from "./load-config";

type Package = { name: string; root: string; hasNative: boolean };

/**
 * Leaves out of the bundle what must not be in it: packages that the configuration or its extensions name, and those
 * with native code. A package that could not be found from the bundle's folder is linked there.
 */
export function externalsPlugin({ config }: Project, outDir: string): Plugin {
  const named = [
    ...alwaysExternal,
    ...(config.build?.external ?? []),
    ...(config.build?.extensions ?? []).flatMap((extension) => extension.externalsForTarget?.("dev") ?? []),
  ];
  const isNamed = (path: string) => named.some((name) => path === name || path.startsWith(`${name}/`));
  const packages = new Map<string, Package | undefined>();
  const linked = new Set<string>();
  const fromBundle = createRequire(join(outDir, "bundle.mjs"));

  const packageOf = (file: string): Package | undefined => {
    const root = rootOf(file);
    if (root === undefined) return undefined;
    if (!packages.has(root)) packages.set(root, readPackage(root));
    return packages.get(root);
  };

  return {
    name: "externals",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async (args) => {
        if (args.pluginData === resolving || args.kind === "entry-point" || isBuiltin(args.path)) return undefined;
        const { path } = await resolveIn(build, args);
        const found = path ? packageOf(path) : undefined;
        if (!found || !(isNamed(args.path) || found.hasNative || /\.(node|wasm)$/.test(path))) return undefined;
        if (!linked.has(found.name)) {
          linked.add(found.name);
          await linkUnlessFound(found, fromBundle, outDir);
        }
        return { path: args.path, external: true };
      });
    },
  };
}

/** Marks the inner question, which the plugin itself must not answer. */
const resolving = Symbol("resolving");

async function resolveIn(build: PluginBuild, { path, importer, resolveDir, kind, namespace }: OnResolveArgs) {
  if (namespace !== "file") return { path: "" };
  const { path: resolved, errors } = await build.resolve(path, { importer, resolveDir, kind, pluginData: resolving });
  return { path: errors.length > 0 ? "" : resolved };
}

/** The folder of the nearest package.json with a name and a version; some folders hold one that only says `type`. */
function rootOf(file: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (existsSync(path) && (JSON.parse(readFileSync(path, "utf8")) as { version?: string }).version) return folder;
  }
  return undefined;
}

function readPackage(root: string): Package | undefined {
  const {
    name,
    files = [],
    main,
  } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    name?: string;
    files?: string[];
    main?: string;
  };
  if (!name || !root.includes("node_modules")) return undefined;
  const native = /\.(wasm|node|gyp|cc?|cpp|cxx|h|hpp|hxx)\b/;
  const hasNative = existsSync(join(root, "binding.gyp")) || [...files, main ?? ""].some((file) => native.test(file));
  return { name, root, hasNative };
}

async function linkUnlessFound({ name, root }: Package, fromBundle: NodeJS.Require, outDir: string): Promise<void> {
  const isFound = (fromBundle.resolve.paths(name) ?? []).some((folder) =>
    existsSync(join(folder, name, "package.json")),
  );
  if (isFound) return;
  const link = join(outDir, "node_modules", name);
  await mkdir(dirname(link), { recursive: true });
  await symlink(root, link, "junction");
}
