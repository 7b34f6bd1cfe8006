/** A form behind a button that opens it, with JavaScript or without; one of them is open at a time. */
export function ActionPanel({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <details name="order-action" className="relative max-w-full border border-line-strong text-sm">
      <summary className="cursor-pointer px-3 py-1.5 font-semibold">{title}…</summary>
      {/* Over the page where there is room beside it, so that nothing jumps. */}
      <div className="w-80 max-w-full border-line-strong bg-paper p-3 max-sm:border-t sm:absolute sm:max-w-none sm:top-full sm:-right-px sm:z-10 sm:border">
        {children}
      </div>
    </details>
  );
}

/** What an action answered when it was refused. */
export function Refusal({ message }: { message: string | undefined }) {
  if (message === undefined) return null;
  return (
    <p role="alert" className="text-sm text-alarm">
      {message}
    </p>
  );
}
