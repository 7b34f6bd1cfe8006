const delimiters = [",", ";", "\t", "|"] as const;

/**
 * What separates the cells of a CSV file that begins like this: what its first line uses most, quoted cells left out.
 * Excel's own first line `sep=;` says it outright; it is then no record.
 */
export function delimiterOf(start: string): { delimiter: string; isAnnounced: boolean } {
  const announced = /^\s*sep=([,;\t|])[\r\n]/i.exec(start)?.[1];
  if (announced) return { delimiter: announced, isAnnounced: true };
  const unquoted = start.replace(/^[\r\n ]+/, "").replace(/(^|[,;\t|\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g, "$1");
  const header = unquoted.split(/[\r\n]/, 1)[0] ?? "";
  const uses = (character: string) => header.split(character).length;
  return { delimiter: delimiters.reduce((best, next) => (uses(next) > uses(best) ? next : best)), isAnnounced: false };
}
