import { format, type Money } from "@/lib/money/money";

/** An amount of money in figures. */
export function Price({ value, className = "" }: { value: Money; className?: string }) {
  return <span className={`figure whitespace-nowrap ${className}`}>{format(value)}</span>;
}
