const gramsPer: Record<string, number> = { g: 1, kg: 1000, oz: 28.349523125, lb: 453.59237 };

/** Whole grams of a weight in g, kg, oz or lb, rounded half up; undefined for another unit or no such number. */
export function toGrams(value: string, unit: string): number | undefined {
  const perUnit = gramsPer[unit.trim().toLowerCase()];
  if (perUnit === undefined || !/^\d{1,9}(\.\d*)?$/.test(value.trim())) return undefined;
  return Math.round(Number(value) * perUnit);
}
