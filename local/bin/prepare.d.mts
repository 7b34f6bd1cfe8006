type Say = (line: string) => void;
/** The folder of package.json. */
export const projectDir: string;
/** A path inside the project. */
export function inProject(path: string): string;
/** Ends the process with a sentence unless Node is new enough. */
export function requireNode(): void;
/** Runs `npm ci` when node_modules is absent or was made from another package-lock.json. */
export function install(say: Say): void;
/** Writes Prisma's client when it is absent or the schema changed. */
export function generateClient(say: Say): void;
/** Prints the sentence and ends the process with code 1. */
export function fail(sentence: string): never;
