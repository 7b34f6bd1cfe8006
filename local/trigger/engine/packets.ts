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

/**
 * The packet of a payload given in a request of its own. JSON is the plain value there, a string included; only the
 * other types are packets already. (Items of a batch always are.)
 */
export function packetOfPayload(payload: unknown, dataType = "application/json"): unknown {
  return dataType === "application/json" && payload !== undefined ? JSON.stringify(payload) : payload;
}

/**
 * The same packet as a text column can keep it. Postgres takes neither NUL characters nor half a surrogate pair: plain
 * text that holds one is kept as JSON, where they are escaped. Who reads the packet gets the same string.
 */
export function storableText(data: string, dataType: string): { data: string; dataType: string } {
  const isStorable = !data.includes("\0") && !/\p{Surrogate}/u.test(data);
  if (dataType !== "text/plain" || isStorable) return { data, dataType };
  return { data: JSON.stringify(data), dataType: "application/json" };
}

/** The same for JSON text of ours and a jsonb column: what that can not hold becomes the sign for an unknown character. */
export function storableJson(text: string): string {
  // Every escape is matched, so that an escaped backslash before "u0000" is not taken for one.
  return text.replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (part) => (part.length === 6 ? "\\ufffd" : part));
}
