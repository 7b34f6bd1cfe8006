/** What a variant is called among the rows of its product: by its option values, which tell it from the others. */
export function partOf(optionValues: readonly string[]): string {
  return JSON.stringify(optionValues);
}
