import superjson from "superjson";

/** The value inside a packet (text with its data type). Unreadable text is given back as text: it is for looking at only. */
export function deserialize(data: string, type: string): unknown {
  try {
    if (type === "application/json") return JSON.parse(data);
    if (type === "application/super+json") return superjson.parse(data);
  } catch {
    return data;
  }
  return data;
}

/** The same as plain JSON: dates become ISO strings, as in the real server's REST answers. */
export function toPlainJson(data: string, type: string): unknown {
  const value = deserialize(data, type);
  if (value === undefined) return undefined;
  if (type === "application/super+json") {
    const parsed: unknown = JSON.parse(data);
    return parsed !== null && typeof parsed === "object" && "json" in parsed ? parsed.json : value;
  }
  return value;
}
