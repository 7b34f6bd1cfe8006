const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const shortDays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const shortMonths = months.map((name) => name.slice(0, 3).toUpperCase());

/**
 * A cron expression in words, for the forms people use; one it can not say whole is given back as it is.
 * An approximate sentence would be worse than none.
 */
export function cronInWords(cron: string): string {
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...rest] = cron.trim().split(/\s+/);
  if (rest.length > 0) return cron;
  const when = timesInWords(minute, hour);
  const days = daysInWords(day, weekday);
  const monthWords = month === "*" ? "" : listInWords(month, 1, 12, (number) => months[number - 1], shortMonths, 1);
  if (when === undefined || days === undefined || monthWords === undefined) return cron;
  return `${when}${days}${monthWords === "" ? "" : ` in ${monthWords}`}`;
}

function timesInWords(minute: string, hour: string): string | undefined {
  const everyMinutes = minute === "*" ? 1 : stepOf(minute, 60);
  if (everyMinutes !== undefined) {
    const hours = hoursInWords(hour);
    return hours === undefined ? undefined : `Every ${plural(everyMinutes, "minute")}${hours}`;
  }
  if (!isNumber(minute, 0, 59)) return undefined;
  if (hour === "*") return `Every hour${pastHour(minute)}`;
  const everyHours = stepOf(hour, 24);
  if (everyHours !== undefined) return `Every ${plural(everyHours, "hour")}${pastHour(minute)}`;
  if (hour.includes("-")) {
    const hours = hoursInWords(hour);
    return hours === undefined ? undefined : `Every hour${pastHour(minute)}${hours}`;
  }
  const list = hour.split(",");
  return list.every((one) => isNumber(one, 0, 23)) ? `At ${and(list.map((one) => clock(one, minute)))}` : undefined;
}

/** The length of a step that divides the whole evenly; others begin anew in the middle of it. */
function stepOf(text: string, whole: number): number | undefined {
  const step = Number(/^(?:\*|0)\/(\d+)$/.exec(text)?.[1]);
  return step > 0 && whole % step === 0 ? step : undefined;
}

const plural = (count: number, unit: string) => (count === 1 ? unit : `${count} ${unit}s`);
const pastHour = (minute: string) =>
  Number(minute) === 0 ? "" : ` at ${plural(Number(minute), "minute").replace(/^minute$/, "1 minute")} past`;
const clock = (hour: string, minute: string) => `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
const isNumber = (text: string, min: number, max: number) =>
  /^\d{1,2}$/.test(text) && Number(text) >= min && Number(text) <= max;

/** Which hours an expression is limited to; nothing for what is not a range or a list. */
function hoursInWords(hour: string): string | undefined {
  if (hour === "*") return "";
  const [from = "", to, ...rest] = hour.split("-");
  if (to !== undefined)
    return isNumber(from, 0, 23) && isNumber(to, 0, 23) && rest.length === 0
      ? ` from ${clock(from, "00")} to ${clock(to, "59")}`
      : undefined;
  const list = hour.split(",");
  return list.every((one) => isNumber(one, 0, 23))
    ? `, only in the hours ${and(list.map((one) => one.padStart(2, "0")))}`
    : undefined;
}

function daysInWords(day: string, weekday: string): string | undefined {
  // Cron means "or" when both are given, which no short sentence says well.
  if (day !== "*" && weekday !== "*") return undefined;
  if (day === "*" && weekday === "*") return "";
  if (weekday !== "*") {
    if (/^(1-5|MON-FRI)$/i.test(weekday)) return ", Monday to Friday";
    const days = listInWords(weekday, 0, 7, (number) => weekdays[number % 7], shortDays, 0);
    return days === undefined ? undefined : ` on ${days}`;
  }
  if (day === "L") return " on the last day of the month";
  const dates = listInWords(day, 1, 31, (number) => String(number), [], 1);
  return dates === undefined ? undefined : ` on day ${dates} of the month`;
}

/** `1,3` or `MON-WED` in words; nothing for steps and other rarities. */
function listInWords(
  text: string,
  min: number,
  max: number,
  name: (number: number) => string | undefined,
  short: string[],
  first: number,
) {
  const numberOf = (part: string) => {
    const index = short.indexOf(part.toUpperCase());
    const number = index >= 0 ? index + first : Number(part);
    return /^\d{1,2}$/.test(part) || index >= 0 ? number : Number.NaN;
  };
  const word = (part: string) => {
    const number = numberOf(part);
    return number >= min && number <= max ? name(number) : undefined;
  };
  const parts = text.split(",").map((part) => {
    const [from = "", to, ...rest] = part.split("-");
    if (rest.length > 0) return undefined;
    if (to === undefined) return word(from);
    const [a, b] = [word(from), word(to)];
    return a && b ? `${a} to ${b}` : undefined;
  });
  return parts.every((part) => part !== undefined) ? and(parts) : undefined;
}

function and(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
