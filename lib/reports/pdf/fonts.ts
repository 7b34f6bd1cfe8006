import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** Inter has Latin, Greek and Cyrillic. It stays a file: pdfkit embeds the letters that are used. */
const files = {
  regular: "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  bold: "@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf",
};

export type Fonts = {
  regular: string;
  bold: string;
  /** False for fonts that every PDF reader has: those know only Latin letters. */
  embedded: boolean;
};

/** Where the fonts are, looked for beside this module and then from where the process runs: bundles move the first. */
export function findFonts(): Fonts {
  for (const from of [import.meta.url, pathToFileURL(`${process.cwd()}/`).href]) {
    try {
      const { resolve } = createRequire(from);
      return { regular: resolve(files.regular), bold: resolve(files.bold), embedded: true };
    } catch {
      // Not installed in reach of this place.
    }
  }
  return { regular: "Helvetica", bold: "Helvetica-Bold", embedded: false };
}
