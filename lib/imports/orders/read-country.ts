const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** Names that files use and the register does not. */
const aliases: Record<string, string> = {
  eire: "IE",
  rsa: "ZA",
  usa: "US",
  "united states of america": "US",
  uk: "GB",
  "great britain": "GB",
  england: "GB",
  "czech republic": "CZ",
};

let known: Map<string, string> | undefined;

/** All names in English that there are, in lower case: ISO 3166 has 26 times 26 places. */
function byName(): Map<string, string> {
  if (known) return known;
  known = new Map(Object.entries(aliases));
  for (const first of letters)
    for (const second of letters) {
      const code = first + second;
      const name = names.of(code)?.toLowerCase();
      // A code that was given up bears the name of what came after it.
      if (name && !["unknown region", "world"].includes(name) && !isOld(code)) known.set(name, code);
    }
  return known;
}

function isOld(code: string): boolean {
  return Intl.getCanonicalLocales(`und-${code}`)[0] !== `und-${code}`;
}

/** The code of a country that is named by its code, or in English; null for what is no country of ISO 3166. */
export function readCountry(text: string): string | null {
  if (/^[a-z]{2}$/i.test(text) && names.of(text.toUpperCase())) return text.toUpperCase();
  return byName().get(text.toLowerCase()) ?? null;
}
