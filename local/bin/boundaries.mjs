// npm run boundaries: who may import whom. Docs: docs/architecture.md. Biome's own rule cannot tell `import type` apart.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import { projectDir } from "./prepare.mjs";

/** What judges the store must not make the store's mistakes: not even its types, nor Prisma's client. */
const auditor = {
  from: /^audit\//,
  to: /^(app|trigger|lib|components|prisma|tests|bench|chaos)\//,
  why: "the audit shares nothing with what it judges",
};

/** Folders of ours that values may not be imported from, by the folder that imports. */
const closed = [
  {
    from: /^lib\//,
    to: /^(app|trigger|components|local|tests|prisma|audit)\//,
    why: "lib knows neither pages nor tasks",
  },
  { from: /^trigger\//, to: /^(app|components|local|tests|prisma|audit)\//, why: "tasks use lib only" },
  { from: /^app\//, to: /^(trigger|local|tests|prisma|audit)\//, why: "pages name a task by `import type` only" },
  {
    from: /^components\//,
    to: /^(?!components\/|lib\/(money|routes)(\/|$))/,
    why: "components take data as props; of lib they may call money and routes",
  },
  { from: /^local\//, to: /^(app|trigger|lib|components|tests|prisma|audit)\//, why: "local stands beside the store" },
  auditor,
];

/** The same for types; elsewhere a type may come from anywhere. */
const closedForTypes = [
  { from: /^lib\/(?!outbox\/)/, to: /^(app|trigger|local|tests)\//, why: "only lib/outbox knows the tasks, by type" },
  { from: /^(trigger|app)\//, to: /^(local|tests)\//, why: "the store knows nothing of its stand-ins" },
  { from: /^trigger\//, to: /^app\//, why: "tasks do not know pages" },
  { from: /^local\//, to: /^(app|trigger|lib|components)\//, why: "local stands beside the store" },
  auditor,
];

/** Packages that only some folders of the store may import; local, tests, prisma and configs are free. */
const vendors = [
  { name: /^stripe$/, only: /^lib\/payments\// },
  { name: /^resend$/, only: /^lib\/notifications\// },
  { name: /^@aws-sdk\//, only: /^lib\/storage\// },
  { name: /^pdfkit$/, only: /^lib\/reports\// },
  { name: /^@trigger\.dev\/sdk/, only: /^(trigger|lib\/outbox|lib\/runs)\// },
  { name: /^(@prisma\/|pg$)/, only: /^lib\// },
  { name: /^next(\/|$)/, only: /^(app|components)\// },
  { name: /^react(-dom)?(\/|$)/, only: /^(app|components|lib\/notifications|lib\/reports)\// },
];

const statement = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gm;
const dynamic = /(typeof\s+)?\bimport\(\s*["']([^"']+)["']/g;

/**
 * One sentence for each import in this file that crosses a boundary.
 * @param {string} path relative to the project, with slashes
 * @param {string} source
 * @returns {string[]}
 */
export function crossings(path, source) {
  const imports = [...source.matchAll(statement), ...source.matchAll(dynamic)];
  return imports.flatMap(([, type, specifier = ""]) => {
    const target = projectPath(path, specifier);
    const why = target ? refusal(path, target, type ? closedForTypes : closed) : vendorRefusal(path, specifier);
    return why ? [`${path} imports ${specifier}: ${why}`] : [];
  });
}

/** @param {string} path @param {string} specifier */
function projectPath(path, specifier) {
  if (specifier.startsWith("@/")) return specifier.slice(2);
  return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
}

/** @param {string} path @param {string} target @param {typeof closed} rules */
function refusal(path, target, rules) {
  return rules.find(({ from, to }) => from.test(path) && to.test(target))?.why;
}

/** @param {string} path @param {string} name */
function vendorRefusal(path, name) {
  if (auditor.from.test(path) && /^@prisma\//.test(name)) return auditor.why;
  if (!/^(app|lib|trigger|components)\//.test(path)) return undefined;
  const rule = vendors.find((vendor) => vendor.name.test(name) && !vendor.only.test(path));
  return rule && `${name} belongs to ${rule.only.source.replaceAll(/[\\^()]/g, "").replaceAll("|", ", ")}`;
}

/** @param {string} folder @returns {string[]} */
function listFiles(folder) {
  if (!existsSync(posix.join(projectDir, folder))) return [];
  return readdirSync(posix.join(projectDir, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return path === "lib/db/generated" ? [] : listFiles(path);
    return /\.(m?ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });
}

function main() {
  const files = ["app", "components", "lib", "trigger", "local", "audit"].flatMap((folder) => listFiles(folder));
  const found = files.flatMap((file) => crossings(file, readFileSync(posix.join(projectDir, file), "utf8")));
  for (const sentence of found) console.error(sentence);
  console.log(found.length === 0 ? `Boundaries hold in ${files.length} files.` : `${found.length} crossings.`);
  process.exit(found.length === 0 ? 0 : 1);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
