/** The shop's name beside its sign. */
export function Wordmark({ name }: { name: string }) {
  return (
    <span className="inline-flex items-center gap-2.5 text-lg font-bold tracking-tight">
      <svg aria-hidden="true" viewBox="0 0 22 22" className="size-[22px]">
        <rect x="0.75" y="0.75" width="20.5" height="20.5" className="fill-none stroke-ink" strokeWidth="1.5" />
        <rect x="7" y="3.5" width="8" height="4.5" className="fill-lamp-off" />
        <rect x="7" y="8.75" width="8" height="4.5" className="fill-lamp-off" />
        <rect x="7" y="14" width="8" height="4.5" className="fill-signal" />
      </svg>
      {name}
    </span>
  );
}
