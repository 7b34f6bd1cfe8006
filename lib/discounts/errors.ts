import { DomainError } from "@/lib/errors";
import { format, type Money } from "@/lib/money/money";

/** Why a code takes nothing off an order. */
export type DiscountProblem =
  | { kind: "unknown" | "not-started" | "expired" | "used-up" | "used-before" }
  | { kind: "other-currency"; currency: string }
  | { kind: "below-minimum"; minimum: Money; subtotal: Money };

/** The same as a sentence for the shopper. */
export function describeProblem(code: string, problem: DiscountProblem): string {
  switch (problem.kind) {
    case "unknown":
      return `There is no discount code ${code}. Check how it is spelled.`;
    case "not-started":
      return `The discount code ${code} is not valid yet.`;
    case "expired":
      return `The discount code ${code} has expired.`;
    case "used-up":
      return `The discount code ${code} has been used up.`;
    case "used-before":
      return `The discount code ${code} can be used once, and it has been used with this e-mail address before.`;
    case "other-currency":
      return `The discount code ${code} is for orders in ${problem.currency}.`;
    case "below-minimum":
      return `The discount code ${code} is for orders of items for ${format(problem.minimum)} or more, and yours are ${format(problem.subtotal)}.`;
  }
}

/** The code cannot be used for this order. It was not used, and nothing was changed. */
export class DiscountRefusedError extends DomainError {
  readonly problem: DiscountProblem["kind"];

  constructor(code: string, problem: DiscountProblem) {
    super({
      code: `discount-${problem.kind}`,
      kind: problem.kind === "unknown" ? "not-found" : "conflict",
      publicMessage: describeProblem(code, problem),
    });
    this.problem = problem.kind;
  }
}
