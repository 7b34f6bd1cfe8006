/** One sentence for each import in this file that crosses a boundary; `path` is relative to the project. */
export function crossings(path: string, source: string): string[];
