import { invalidRequest } from "./wire";

type Searchable = { metadata?: { [key: string]: string } | null };
type Fields = { text: string[]; number: string[] };

const clausePattern = /^(-)?(?:metadata\[(["'])(.+?)\2\]|(\w+))\s*(:|~|>=|<=|>|<)\s*(?:(["'])(.*?)\6|(null)|(-?\d+))$/;

/**
 * Stripe's search language (https://docs.stripe.com/search#search-query-language): clauses over metadata and the
 * given fields, joined by AND or by OR. There, what was just written may take a minute to be found; here it never does.
 */
export function parseSearch(query: string, fields: Fields): (candidate: object) => boolean {
  const hasAnd = /\sAND\s/i.test(query);
  const hasOr = /\sOR\s/i.test(query);
  if (hasAnd && hasOr) throw unreadable("a query cannot mix AND and OR");
  const clauses = query.split(hasOr ? /\s+OR\s+/i : /\s+AND\s+/i).map((clause) => parseClause(clause.trim(), fields));
  return (candidate) =>
    hasOr ? clauses.some((clause) => clause(candidate)) : clauses.every((clause) => clause(candidate));
}

function parseClause(clause: string, fields: Fields): (candidate: object) => boolean {
  const match = clausePattern.exec(clause);
  if (!match) throw unreadable(`cannot read: ${clause}`);
  const [, negated, , metadataKey, field, operator = ":", , quoted, isNull, number] = match;
  if (field !== undefined && !fields.text.includes(field) && !fields.number.includes(field)) {
    throw unreadable(
      `\`${field}\` is not a searchable field. Searchable here: metadata, ${[...fields.text, ...fields.number].join(", ")}`,
    );
  }
  const wanted = quoted ?? number ?? null;
  const compares = field !== undefined && fields.number.includes(field);
  if (!compares && operator !== ":" && operator !== "~") throw unreadable(`\`${operator}\` works on numbers only`);

  return (candidate) => {
    const value =
      metadataKey === undefined
        ? (candidate as { [name: string]: unknown })[field ?? ""]
        : (candidate as Searchable).metadata?.[metadataKey];
    const holds = isNull ? value === null || value === undefined : isMatch(value, operator, wanted ?? "");
    return negated ? !holds : holds;
  };
}

function isMatch(value: unknown, operator: string, wanted: string): boolean {
  if (value === null || value === undefined) return false;
  if (operator === ":") return String(value).toLowerCase() === wanted.toLowerCase();
  if (operator === "~") return String(value).toLowerCase().includes(wanted.toLowerCase());
  if (operator === ">") return Number(value) > Number(wanted);
  if (operator === "<") return Number(value) < Number(wanted);
  return operator === ">=" ? Number(value) >= Number(wanted) : Number(value) <= Number(wanted);
}

function unreadable(why: string) {
  return invalidRequest(`We were unable to parse your search query: ${why}.`, { param: "query" });
}
