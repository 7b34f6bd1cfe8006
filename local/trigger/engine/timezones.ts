const names = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")];

export function timezones({ excludeUtc }: { excludeUtc: boolean }): string[] {
  return excludeUtc ? names.filter((name) => name !== "UTC") : names;
}

/** The names of this machine's ICU data: some newer spellings (Asia/Kolkata) are not among them, as on the real server. */
export function isTimezone(name: string): boolean {
  return names.includes(name);
}
