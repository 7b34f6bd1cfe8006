/** How far an import is. Without a `part` (0 to 1) the bar only shows that something is going on. */
export function ProgressBar({
  rows,
  part,
  rowsPerSecond,
  secondsLeft,
  counts = [],
}: {
  rows: number;
  part?: number;
  rowsPerSecond?: number;
  secondsLeft?: number;
  counts?: [name: string, count: number][];
}) {
  const facts = [
    `${rows.toLocaleString("en-IE")} rows`,
    ...(part === undefined ? [] : [`${Math.floor(part * 100)} %`]),
    ...(rowsPerSecond ? [`${rowsPerSecond.toLocaleString("en-IE")} rows/s`] : []),
    ...(secondsLeft ? [`${timeText(secondsLeft)} left`] : []),
    ...counts.map(([name, count]) => `${count.toLocaleString("en-IE")} ${name}`),
  ];
  return (
    <>
      <progress className="meter" aria-label="Import" max={1} {...(part !== undefined && { value: part })} />
      <p className="label mt-1 flex flex-wrap gap-x-4">
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
    </>
  );
}

const timeText = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
