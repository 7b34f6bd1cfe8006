type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

function write(level: "info" | "warn" | "error", event: string, fields: Fields): void {
  const line = `${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`;
  (level === "info" ? process.stdout : process.stderr).write(line);
}

/**
 * One JSON object a line: a business event and the ids it is about.
 * Never card data, addresses, mail bodies or secrets.
 */
export const log = {
  info: (event: string, fields: Fields = {}) => write("info", event, fields),
  warn: (event: string, fields: Fields = {}) => write("warn", event, fields),
  error: (event: string, fields: Fields & { error?: string } = {}) => write("error", event, fields),
};
