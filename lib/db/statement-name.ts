const names = new Map<string, string>();
const seen = new Map<string, number>();

/** A statement counts as one that recurs from this use on. */
const usesMin = 3;
const namesMax = 300;
const seenMax = 1_000;
const lengthMax = 4_000;

/**
 * A name for a statement that recurs, under which each connection lets Postgres parse and plan it once. Empty, which
 * is none, for the first uses, for what is long (inserts of many rows, each text used once or twice), and when there are many names
 * already, because a connection keeps what it was told until it ends.
 */
export function statementName(sql: string): string {
  const known = names.get(sql) ?? "";
  if (known || sql.length > lengthMax || names.size >= namesMax) return known;
  const uses = (seen.get(sql) ?? 0) + 1;
  if (uses < usesMin) {
    if (seen.size >= seenMax) seen.clear();
    seen.set(sql, uses);
    return "";
  }
  seen.delete(sql);
  const name = `s${names.size}`;
  names.set(sql, name);
  return name;
}
