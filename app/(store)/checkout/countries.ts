/** Where the shop sends parcels to: ISO 3166 codes. */
const codes = [
  ..."AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split(" "),
  ..."AU CA JP NZ US".split(" "),
];

const names = new Intl.DisplayNames("en", { type: "region" });

/** Countries to choose from, by name. */
export const countries = codes
  .map((code) => ({ code, name: names.of(code) ?? code }))
  .sort((a, b) => a.name.localeCompare(b.name, "en"));
