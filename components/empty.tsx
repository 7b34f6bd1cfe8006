import type { ReactNode } from "react";

/** What stands where a list would be: what is missing, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="border border-dashed border-line-strong px-6 py-12 text-center">
      <p className="font-semibold">{title}</p>
      {children && <div className="mx-auto mt-2 max-w-prose text-soft">{children}</div>}
    </div>
  );
}
