// Everything that must be true before TypeScript can run: plain JavaScript on Node's own modules, because node_modules
// may not exist yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const projectDir = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A path inside the project. */
export const inProject = (/** @type {string} */ path) => join(projectDir, path);

/** Ends the process with a sentence unless Node is new enough. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Shopfloor needs Node 20.19 or newer; this is ${process.version}. Install a newer Node (https://nodejs.org).`);
}

/**
 * Runs `npm ci` when node_modules is absent or was made from another package-lock.json.
 * @param {(line: string) => void} say
 */
export function install(say) {
  const stamp = inProject("node_modules/.shopfloor-installed");
  const wanted = hashOf([inProject("package-lock.json")]);
  if (contentOf(stamp) === wanted) return;
  if (matchesLock()) return writeFileSync(stamp, wanted);
  say("Installing packages (npm ci) …");
  const npm = process.env.npm_execpath;
  const [command, before] = npm ? [process.execPath, [npm]] : [process.platform === "win32" ? "npm.cmd" : "npm", []];
  run(command, [...before, "ci", "--no-audit", "--no-fund"], {
    why: "The packages could not be installed. Is the npm registry within reach? Run `npm ci` to see more.",
    // npm exports NODE_ENV=production into its scripts when asked to omit dev packages; the demo needs them.
    env: { ...process.env, NODE_ENV: "development", npm_config_omit: "", npm_config_production: "" },
    shell: command.endsWith(".cmd"),
  });
  writeFileSync(stamp, wanted);
}

// Somebody ran `npm ci` or `npm install` by hand: npm's own record then names the same versions as the lock file.
function matchesLock() {
  const installed = contentOf(inProject("node_modules/.package-lock.json"));
  if (!installed) return false;
  const have = JSON.parse(installed).packages;
  const want = JSON.parse(readFileSync(inProject("package-lock.json"), "utf8")).packages;
  return Object.entries(want).every(([path, entry]) => {
    if (path === "" || entry.extraneous) return true;
    if (have[path]) return have[path].version === entry.version;
    // Absent are those for other systems than this one.
    return entry.optional === true || entry.os !== undefined || entry.cpu !== undefined;
  });
}

/**
 * Writes Prisma's client when it is absent or the schema changed.
 * @param {(line: string) => void} say
 */
export function generateClient(say) {
  const schema = inProject("prisma/schema.prisma");
  if (!existsSync(schema)) return;
  const stamp = inProject("lib/db/generated/.schema-hash");
  const wanted = hashOf([schema, inProject("node_modules/prisma/package.json")]);
  if (contentOf(stamp) === wanted) return;
  say("Generating Prisma's client …");
  run(process.execPath, [inProject("node_modules/prisma/build/index.js"), "generate"], {
    why: "Prisma's client could not be generated. Run `npx prisma validate` for the reason.",
    env: {
      // prisma.config.ts reads the address although generating needs none.
      DATABASE_URL: "postgresql://localhost/none",
      ...process.env,
      // The command line downloads an engine that generating never runs: any existing program in its place will do.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ why: string, env: NodeJS.ProcessEnv, shell?: boolean }} options
 */
function run(command, args, { why, env, shell = false }) {
  const result = spawnSync(command, args, { cwd: projectDir, env, shell, stdio: ["ignore", "pipe", "pipe"] });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}\n`);
  fail(why);
}

/** @param {string} sentence */
export function fail(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

/** @param {string[]} paths */
function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

/** @param {string} path */
function contentOf(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
