import { type Answer, whyUnclear } from "./call";

/** What must come of a request: it is accepted (true), refused (false), or refused for this reason. */
export type Expected = boolean | { code: string };

/** Counts what was asked and what came of it, and keeps a sentence for each thing that must not be. */
export class Tally {
  requests = 0;
  accepted = 0;
  /** By the code of the refusal. */
  readonly refused = new Map<string, number>();
  /** By what was asked. */
  readonly kinds = new Map<string, { accepted: number; refused: number }>();
  readonly wrongs: string[] = [];

  wrong(sentence: string): void {
    this.wrongs.push(sentence);
  }

  /** Notes an answer that may be either. An error that is no refusal may never be. */
  count(what: string, answer: Answer<unknown>): void {
    this.requests += 1;
    const kind = this.kinds.get(what) ?? { accepted: 0, refused: 0 };
    this.kinds.set(what, kind);
    if (answer.kind === "accepted") {
      this.accepted += 1;
      kind.accepted += 1;
    }
    if (answer.kind === "broken") this.wrong(`${what}: ${shown(answer.error)}`);
    if (answer.kind !== "refused") return;
    kind.refused += 1;
    this.refused.set(answer.code, (this.refused.get(answer.code) ?? 0) + 1);
    for (const message of answer.messages) {
      const why = whyUnclear(message);
      if (why) this.wrong(`${what}: the message ${JSON.stringify(message.slice(0, 120))} ${why}.`);
    }
  }

  /** The same for an answer that is known beforehand. True where it is as it must be. */
  expect(what: string, answer: Answer<unknown>, expected: Expected, detail = ""): boolean {
    this.count(what, answer);
    if (answer.kind === "broken") return false;
    const isAsExpected =
      typeof expected === "boolean"
        ? (answer.kind === "accepted") === expected
        : answer.kind === "refused" && answer.code === expected.code;
    const found = answer.kind === "refused" ? `refused as ${answer.code} (${answer.messages.join(" ")})` : "accepted";
    const right = expected === true ? "accepted" : expected === false ? "refused" : `refused as ${expected.code}`;
    if (!isAsExpected) this.wrong(`${what} was ${found}, and should be ${right}. ${detail}`);
    return isAsExpected;
  }
}

function shown(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.slice(-300)}` : String(error);
}
