/** A point in time, in the store's time zone: the same words on the server and in every browser. */
export function Moment({ at, timeZone, withDate = true }: { at: Date; timeZone: string; withDate?: boolean }) {
  const text = at.toLocaleString("en-IE", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    ...(withDate && { day: "numeric", month: "short", year: "numeric" }),
  });
  return (
    <time dateTime={at.toISOString()} className="whitespace-nowrap">
      {text}
    </time>
  );
}
