// How every command of package.json gets from plain Node to TypeScript.
import { pathToFileURL } from "node:url";
import { generateClient, inProject, install, requireNode } from "./prepare.mjs";

const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);

/**
 * Checks Node, installs packages and generates Prisma's client where that is needed, then loads a module of the project.
 * @param {string} path
 */
export async function startTypeScript(path) {
  requireNode();
  // `--help` must not cost an installation the first time; without packages there is no TypeScript to print it.
  install(say);
  generateClient(say);
  const { register } = await import("tsx/esm/api");
  register();
  return import(pathToFileURL(inProject(path)).href);
}
