import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { sharedData } from "../../support/shared-data";
import { pay } from "./local-stripe";

type Step = { name: string; path: string; method: string; params?: object; expected_error_type?: string };

/** What Stripe answered to each step, by the step's name. */
export type Answers = Record<string, Record<string, unknown>>;

/** The recipe by which Stripe's own command-line tool makes an event happen; undefined where the recipes are absent. */
export const recipeOf = (type: string): string | undefined => sharedData(`stripe-cli-triggers/${type}.json`);

/** Follows a recipe step by step. `after` is told each answer before the next step. */
export async function follow(
  recipe: string,
  stripe: { url: string; secretKey: string },
  after: (name: string, answer: Record<string, unknown>) => void | Promise<void> = () => {},
): Promise<Answers> {
  const { fixtures } = JSON.parse(readFileSync(recipe, "utf8")) as { fixtures: Step[] };
  const answers: Answers = {};
  for (const step of fixtures) {
    const answer = await perform(stripe, step, answers);
    answers[step.name] = answer;
    await after(step.name, answer);
  }
  return answers;
}

async function perform(
  { url, secretKey }: { url: string; secretKey: string },
  step: Step,
  answers: Answers,
): Promise<Record<string, unknown>> {
  // `payment_pages` is a private address by which the tool plays the shopper: here the shopper uses the page.
  if (step.path.startsWith("/v1/payment_pages/")) {
    if (step.method === "get") return {};
    const answer = await pay({ url: String(answers.checkout_session?.url) });
    expect(answer.status).toBe(303);
    return {};
  }
  const response = await fetch(url + filled(step.path, answers), {
    method: step.method.toUpperCase(),
    headers: { authorization: `Bearer ${secretKey}` },
    ...(step.method === "post" ? { body: new URLSearchParams(pairs(step.params ?? {}, answers)) } : {}),
  });
  const answer = (await response.json()) as Record<string, unknown> & { error?: { type: string } };
  expect(answer.error?.type, JSON.stringify(answer.error)).toBe(step.expected_error_type);
  return answer;
}

function filled(text: string, answers: Answers): string {
  return text.replaceAll(/\$\{(\w+):([\w.]+)\}/g, (_match, name: string, path: string) =>
    String(path.split(".").reduce<unknown>((value, field) => (value as Answers[string])?.[field], answers[name])),
  );
}

function pairs(params: object, answers: Answers, prefix = ""): [string, string][] {
  return Object.entries(params).flatMap(([name, value]: [string, unknown]) => {
    const key = prefix === "" ? name : `${prefix}[${name}]`;
    if (typeof value === "object" && value !== null) return pairs(value, answers, key);
    return [[key, filled(String(value), answers)] as [string, string]];
  });
}
