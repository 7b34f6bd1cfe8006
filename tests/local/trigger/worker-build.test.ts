import { readFile } from "node:fs/promises";
import { configure, tasks } from "@trigger.dev/sdk";
import { glob } from "tinyglobby";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { ended, hostProject } from "./host-project";
import { projectRef, secretKey, triggerServerForFile } from "./server";

const server = triggerServerForFile();
const settings = `project: "${projectRef}", runtime: "node", maxDuration: 60, dirs: ["./trigger"]`;
const config = (more = "") => `export default { ${settings}${more && `, ${more}`} };`;
const emptyTask = (id: string) =>
  `import { task } from "@trigger.dev/sdk";\nexport const one = task({ id: "${id}", run: async () => "${id}" });`;

beforeAll(() => configure({ baseURL: server.url, accessToken: secretKey }));

async function project(files: Record<string, string>) {
  const made = await hostProject(files);
  onTestFinished(() => made.remove());
  return made;
}

const manyWays = {
  "trigger.config.ts": `import { defineConfig } from "@trigger.dev/sdk";
    export default defineConfig({ ${settings}, build: {
      external: ["superjson"],
      extensions: [{ name: "banner", onBuildStart: (context) => context.registerPlugin({
        name: "virtual",
        setup(build) {
          build.onResolve({ filter: /^virtual:word$/ }, ({ path }) => ({ path, namespace: "virtual" }));
          build.onLoad({ filter: /.*/, namespace: "virtual" }, () => ({ contents: "export default 'by a plugin'" }));
        },
      }) }],
    } });`,
  "tsconfig.json": `{ "compilerOptions": { "jsx": "react-jsx", "baseUrl": ".", "paths": { "#words/*": ["./words/*"] } } }`,
  "words/alias.ts": `export const word: string = "by an alias";`,
  "words/data.json": `{ "word": "from JSON" }`,
  "trigger/init.ts": `import { locals } from "@trigger.dev/sdk"; (globalThis as { initialised?: unknown }).initialised = typeof locals;`,
  "trigger/page.tsx": `export const page = <p>written as a page</p>;`,
  "trigger/many.ts": `import { task } from "@trigger.dev/sdk";
    import { word } from "#words/alias";
    import data from "../words/data.json";
    import dotenv from "dotenv";
    import superjson from "superjson";
    import virtual from "virtual:word";
    import { page } from "./page";
    export const many = task({ id: "many", run: async () => ({
      alias: word, json: data.word, commonjs: dotenv.parse("A=1").A, external: superjson.parse('{"json":"left out"}'), plugin: virtual,
      jsx: page.props.children, init: (globalThis as { initialised?: unknown }).initialised,
    }) });`,
};

test("a project is built as the official command line builds it", async () => {
  const { start, dir } = await project(manyWays);
  const host = await start(server.url, { slots: 1, warm: 1 });
  onTestFinished(() => host.close());

  const run = await ended(await tasks.trigger("many", {}));

  expect(run.output).toEqual({
    alias: "by an alias",
    json: "from JSON",
    commonjs: "1",
    external: "left out",
    plugin: "by a plugin",
    jsx: "written as a page",
    init: "object",
  });
  const built = await glob(".trigger/local/*/tasks/*many*.mjs", { cwd: dir, absolute: true, dot: true });
  expect(await readFile(built[0] ?? "", "utf8")).toMatch(/from "superjson"/);
}, 90_000);

test.each<[what: string, files: Record<string, string>, message: RegExp]>([
  ["no configuration", { "trigger/one.ts": emptyTask("one") }, /There is no trigger\.config\.ts in .*/],
  [
    "a configuration without a project",
    { "trigger.config.ts": "export default { maxDuration: 60 };" },
    /set `project`/,
  ],
  ["no task files", { "trigger.config.ts": config() }, /No task files in \.?\/?trigger/],
  [
    "two tasks of one id",
    { "trigger.config.ts": config(), "trigger/a.ts": emptyTask("same"), "trigger/b.ts": emptyTask("same") },
    /Two tasks have the same id.*same/s,
  ],
  [
    "a task file that can not be parsed",
    { "trigger.config.ts": config(), "trigger/a.ts": "export const = 1;" },
    /trigger\/a\.ts:1:13/,
  ],
])(
  "a project with %s is refused with a sentence that says so",
  async (_, files, message) => {
    const { start } = await project(files);

    await expect(start(server.url)).rejects.toThrow(message);
  },
  60_000,
);

test("a file that throws when it is loaded costs its own tasks only, and is named", async () => {
  const { start, lines } = await project({
    "trigger.config.ts": config(),
    "trigger/bad.ts": `${emptyTask("bad")}\nthrow new Error("at load");`,
    "trigger/good.ts": emptyTask("good"),
  });
  const host = await start(server.url, { slots: 1, warm: 1 });
  onTestFinished(() => host.close());

  expect(host.tasks).toContain("good");
  expect(lines.join("\n")).toMatch(/bad\.ts could not be loaded.*at load/s);
}, 60_000);
