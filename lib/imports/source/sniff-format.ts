import type { ImportFormat } from "@/lib/db/generated/client";
import { UnreadableFileError } from "../errors";

export type Format = ImportFormat;

/**
 * Finds the format by how the text begins: `[` is a JSON array, `{` one JSON object a line; anything else is CSV.
 *
 * @throws UnreadableFileError for a web page or XML, and for a file that is called JSON and is none.
 */
export function sniffFormat(text: string, fileName: string): Format {
  const first = text.trimStart().charAt(0);
  if (first === "[") return "json";
  if (first === "{") return "ndjson";
  if (/^\s*<\?xml/i.test(text))
    throw new UnreadableFileError("This is XML, which is not read. Export it as CSV or JSON and upload that.");
  if (first === "<")
    throw new UnreadableFileError("This is a web page and no table. Download the file itself and upload that.");
  if (/\.(json|ndjson|jsonl)(\.gz)?$/i.test(fileName))
    throw new UnreadableFileError("The file is called JSON, but begins with neither [ nor {.");
  return "csv";
}
