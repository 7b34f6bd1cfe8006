import { DomainError } from "@/lib/errors";

/** A product that is not there yet was given without what every product has. */
export class ProductIncompleteError extends DomainError {
  constructor(handle: string, missing: "title" | "variant") {
    super({
      code: "product-incomplete",
      kind: "invalid",
      publicMessage: `There is no product "${handle}" yet, and to make it at least one ${missing} is needed.`,
    });
  }
}

/** Other options than the product's own would make its variants impossible to tell apart. */
export class ProductHasOtherOptionsError extends DomainError {
  constructor(handle: string, names: readonly string[]) {
    const options = names.length === 0 ? "no options" : `the options ${names.join(", ")}`;
    super({
      code: "product-has-other-options",
      kind: "conflict",
      publicMessage: `The product "${handle}" has ${options}: each variant needs exactly one value for each of them.`,
    });
  }
}
