import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { projectRef, secretKey } from "./server";

type TaskDeclaration = {
  id: string;
  queue?: { name?: string; concurrencyLimit?: number };
  retry?: { maxAttempts: number; minTimeoutInMs?: number; factor?: number; randomize?: boolean };
  triggerSource?: "schedule";
  schedule?: { cron: string; timezone: string };
  payloadSchema?: object;
};

export type Message = { run: { friendlyId: string; attemptNumber: number }; snapshot: { friendlyId: string } };
export type Attempt = { runId: string; snapshotId: string; number: number; payload: unknown; execution: Execution };
export type Execution = {
  attempt: { number: number };
  run: { payload: string; payloadType: string; maxDuration?: number };
};
type State = {
  snapshot: { friendlyId: string; executionStatus: string };
  completedWaitpoints: { output?: string; index?: number }[];
};

/** A worker small enough to hold in the hand: it speaks the protocol of `trigger dev`, one call at a time. */
export class TestWorker {
  readonly #url: string;
  readonly #account: { secretKey: string; projectRef: string };
  id = "";
  version = "";

  constructor(url: string, account = { secretKey, projectRef }) {
    this.#url = url;
    this.#account = account;
  }

  async call<Answer>(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.#account.secretKey}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as Answer };
  }

  async #ok<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.call<Answer>(method, path, body);
    expect(answer, `${method} ${path}`).toMatchObject({ status: 200 });
    return answer.body;
  }

  async register(tasks: TaskDeclaration[]): Promise<this> {
    const declared = tasks.map((task) => ({ filePath: "tasks.ts", entryPoint: "tasks.mjs", ...task }));
    const { id, version } = await this.#ok<{ id: string; version: string }>(
      "POST",
      `/api/v1/projects/${this.#account.projectRef}/background-workers`,
      {
        localOnly: true,
        engine: "V2",
        metadata: {
          packageVersion: "4.8.3",
          cliPackageVersion: "4.8.3",
          contentHash: randomUUID(),
          tasks: declared,
          sourceFiles: [],
        },
      },
    );
    this.id = id;
    this.version = version;
    return this;
  }

  async dequeue(): Promise<Message[]> {
    const body = { currentWorker: this.id, oldWorkers: [] };
    return (await this.#ok<{ dequeuedMessages: Message[] }>("POST", "/engine/v1/dev/dequeue", body)).dequeuedMessages;
  }

  async start(message: Message): Promise<Attempt> {
    const path = `/engine/v1/dev/runs/${message.run.friendlyId}/snapshots/${message.snapshot.friendlyId}/attempts/start`;
    const { snapshot, execution } = await this.#ok<State & { execution: Execution }>("POST", path, {
      isWarmStart: false,
    });
    return {
      runId: message.run.friendlyId,
      snapshotId: snapshot.friendlyId,
      number: execution.attempt.number,
      execution,
      payload: readPayload(execution.run),
    };
  }

  /** Takes the next run, and says what its process is told; the run completes with nothing. */
  async execution(): Promise<Execution> {
    const [message] = await this.dequeue();
    if (!message) throw new Error("no run to take");
    const attempt = await this.start(message);
    await this.complete(attempt);
    return attempt.execution;
  }

  /** Takes the next run and begins its attempt. */
  async next(): Promise<Attempt> {
    const [message] = await this.dequeue();
    if (!message) throw new Error("no run to take");
    return this.start(message);
  }

  complete(attempt: Attempt, output: unknown = null) {
    return this.#finish(attempt, {
      ok: true,
      id: attempt.runId,
      output: JSON.stringify(output),
      outputType: "application/json",
    });
  }

  /** Completes with an output of another type than JSON. */
  completeAs(attempt: Attempt, outputType: "text/plain" | "application/store", output: string) {
    return this.#finish(attempt, { ok: true, id: attempt.runId, output, outputType });
  }

  fail(attempt: Attempt, message: string, retry?: { delay: number }) {
    return this.#finish(attempt, {
      ok: false,
      id: attempt.runId,
      error: { type: "BUILT_IN_ERROR", name: "Error", message, stackTrace: `Error: ${message}` },
      ...(retry ? { retry: { timestamp: Date.now() + retry.delay, delay: retry.delay } } : {}),
    });
  }

  crash(attempt: Attempt) {
    const error = {
      type: "INTERNAL_ERROR",
      code: "TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE",
      message: "Process exited with code 1",
    };
    return this.#finish(attempt, { ok: false, id: attempt.runId, error });
  }

  confirmCancel(attempt: Attempt) {
    return this.#finish(attempt, {
      ok: false,
      id: attempt.runId,
      error: { type: "INTERNAL_ERROR", code: "TASK_RUN_CANCELLED" },
    });
  }

  async #finish(attempt: Attempt, completion: object) {
    const path = `/engine/v1/dev/runs/${attempt.runId}/snapshots/${attempt.snapshotId}/attempts/complete`;
    const { result } = await this.#ok<{ result: { attemptStatus: string; snapshot: { friendlyId: string } } }>(
      "POST",
      path,
      { completion },
    );
    return result;
  }

  async state(runId: string): Promise<State> {
    return (await this.#ok<{ execution: State }>("GET", `/engine/v1/dev/runs/${runId}/snapshots/latest`)).execution;
  }

  async waitForToken(attempt: Attempt, tokenId: string): Promise<void> {
    await this.#ok("POST", `/engine/v1/runs/${attempt.runId}/waitpoints/tokens/${tokenId}/wait`);
  }

  /** The attempt as it is after a wait: the worker goes on under the newest snapshot. */
  async resumed(attempt: Attempt): Promise<Attempt & { outputs: (string | undefined)[] }> {
    const { snapshot, completedWaitpoints } = await until(`${attempt.runId} to go on`, async () => {
      const state = await this.state(attempt.runId);
      return state.snapshot.executionStatus === "EXECUTING" && state.snapshot.friendlyId !== attempt.snapshotId
        ? state
        : undefined;
    });
    return {
      ...attempt,
      snapshotId: snapshot.friendlyId,
      outputs: completedWaitpoints.map((waitpoint) => waitpoint.output),
    };
  }
}

/** As far as a test can read it without asking the server for a packet. */
function readPayload({ payload, payloadType }: Execution["run"]): unknown {
  return payload === "" || payloadType === "application/store" ? undefined : JSON.parse(payload);
}

/** Asks again until there is an answer; fails after ten seconds with what it waited for. */
export async function until<Value>(what: string, ask: () => Promise<Value | undefined | false>): Promise<Value> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ten seconds for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
