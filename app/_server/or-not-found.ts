import { notFound } from "next/navigation";
import { DomainError } from "@/lib/errors";

/** For pages: what the domain says is not there is Next's 404 page. Any other error passes through. */
export async function orNotFound<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DomainError && error.kind === "not-found") notFound();
    throw error;
  }
}
