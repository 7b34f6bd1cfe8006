/** One record of a JSON file: its value, or why it has none and the beginning of what stands there instead. */
export type JsonRecord = {
  /** Characters of the file that it takes, about. */
  length: number;
} & ({ value: unknown } | { problem: string; line: string });

/** Characters one record may take: more than the largest product, far less than memory. */
export const recordLengthMax = 4 * 1024 * 1024;

/** Levels of lists and objects in each other. A product has four; a refused record must still be kept by Postgres. */
export const levelsMax = 100;

/** The record that a text is. */
export function parseRecord(text: string): JsonRecord {
  const refused = (problem: string) => ({ problem, line: text.slice(0, 10_000), length: text.length });
  if (isDeeper(text, levelsMax)) return refused(`The record is nested deeper than ${levelsMax} levels.`);
  try {
    return { value: JSON.parse(text), length: text.length };
  } catch {
    return refused("The line is not JSON.");
  }
}

/** Whether lists and objects stand in each other deeper than this, told before any memory is given to them. */
function isDeeper(json: string, levelsAllowed: number): boolean {
  let levels = 0;
  let isInString = false;
  for (let index = 0; index < json.length; index++) {
    const character = json.charCodeAt(index);
    if (isInString) {
      if (character === backslash) index++;
      else if (character === quotationMark) isInString = false;
    } else if (character === quotationMark) isInString = true;
    else if (character === leftBracket || character === leftBrace) {
      if (++levels > levelsAllowed) return true;
    } else if (character === rightBracket || character === rightBrace) levels--;
  }
  return false;
}

const [quotationMark, backslash, leftBracket, rightBracket, leftBrace, rightBrace] = [34, 92, 91, 93, 123, 125];
