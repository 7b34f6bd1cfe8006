import { Currency } from "@/lib/money/money";

/** What the prices of a file are in. */
export function CurrencyField({ id, storeCurrency }: { id: string; storeCurrency: string }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        Currency
      </label>
      <select id={id} name="currency" defaultValue={storeCurrency} className="field">
        {Currency.options.map((code) => (
          <option key={code}>{code}</option>
        ))}
      </select>
    </div>
  );
}
