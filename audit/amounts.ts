const decimals = new Map<string, number>();

function decimalsOf(currency: string): number {
  let known = decimals.get(currency);
  if (known === undefined) {
    known = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
    decimals.set(currency, known);
  }
  return known;
}

/** `amount(1999, "eur")` is "19.99 EUR". */
export function amount(minorUnits: number, currency: string): string {
  const code = currency.trim().toUpperCase();
  const digits = decimalsOf(code);
  return `${(minorUnits / 10 ** digits).toFixed(digits)} ${code}`;
}

/** `counted(1, "order")` is "1 order", `counted(1200, "order")` "1,200 orders". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
