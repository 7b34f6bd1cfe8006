import { randomUUID } from "node:crypto";

/** `hasWork`: whether a run waits for a worker. Asked before taking one, because the platform holds such calls until there is. */
type Account = { url: string; secretKey: string; projectRef: string; hasWork: () => Promise<boolean> };
type Message = { run: { friendlyId: string; attemptNumber: number | null }; snapshot: { friendlyId: string } };
type Execution = { task: { id: string }; attempt: { number: number }; run: { payload: string } };
type State = { execution: { snapshot: { friendlyId: string; executionStatus: string } } };

/** One attempt of a run, as the task platform gave it out. */
export type Attempt = { runId: string; snapshotId: string; number: number; taskId: string; payload: unknown };

/** A worker of the task platform that takes runs one at a time, and says itself how they end. */
export class Platform {
  readonly #account: Account;
  #workerId = "";

  private constructor(account: Account) {
    this.#account = account;
  }

  static async join(account: Account, taskIds: readonly string[]): Promise<Platform> {
    const platform = new Platform(account);
    const { id } = await platform.#call<{ id: string }>(
      "POST",
      `/api/v1/projects/${account.projectRef}/background-workers`,
      {
        localOnly: true,
        engine: "V2",
        metadata: {
          packageVersion: "4.8.3",
          cliPackageVersion: "4.8.3",
          contentHash: randomUUID(),
          tasks: taskIds.map((task) => ({
            id: task,
            filePath: "tasks.ts",
            entryPoint: "tasks.mjs",
            retry: { maxAttempts: 8 },
          })),
          sourceFiles: [],
        },
      },
    );
    platform.#workerId = id;
    return platform;
  }

  async take(): Promise<Attempt[]> {
    if (!(await this.#account.hasWork())) return [];
    const { dequeuedMessages } = await this.#call<{ dequeuedMessages: Message[] }>("POST", "/engine/v1/dev/dequeue", {
      currentWorker: this.#workerId,
      oldWorkers: [],
    });
    const attempts: Attempt[] = [];
    for (const message of dequeuedMessages)
      attempts.push(await this.#start(message.run.friendlyId, message.snapshot.friendlyId));
    return attempts;
  }

  async #start(runId: string, snapshotId: string): Promise<Attempt> {
    const { snapshot, execution } = await this.#call<{ snapshot: { friendlyId: string }; execution: Execution }>(
      "POST",
      `/engine/v1/dev/runs/${runId}/snapshots/${snapshotId}/attempts/start`,
      { isWarmStart: false },
    );
    const { task, attempt, run } = execution;
    // The SDK's own wrapping: what it is, beside what JSON cannot say of it.
    const { json: payload } = JSON.parse(run.payload) as { json: unknown };
    return { runId, snapshotId: snapshot.friendlyId, number: attempt.number, taskId: task.id, payload };
  }

  complete(attempt: Attempt): Promise<void> {
    return this.#finish(attempt, { ok: true, output: "null", outputType: "application/json" });
  }

  /** The attempt failed; `again` gives the run another one at once. */
  async fail(attempt: Attempt, message: string, { again }: { again: boolean }): Promise<Attempt | undefined> {
    const error = { type: "BUILT_IN_ERROR", name: "Error", message, stackTrace: "" };
    const retry = again ? { retry: { timestamp: Date.now(), delay: 0 } } : {};
    await this.#finish(attempt, { ok: false, error, ...retry });
    return again ? this.#start(attempt.runId, (await this.#latest(attempt)).friendlyId) : undefined;
  }

  /** Its process was killed: the platform ends the run and does not try it again. */
  crash(attempt: Attempt): Promise<void> {
    const code = "TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE";
    const error = { type: "INTERNAL_ERROR", code, message: "Process exited with signal SIGKILL" };
    return this.#finish(attempt, { ok: false, error });
  }

  async waitFor(attempt: Attempt, tokenId: string): Promise<void> {
    await this.#call("POST", `/engine/v1/runs/${attempt.runId}/waitpoints/tokens/${tokenId}/wait`);
  }

  /** The attempt after its wait; undefined while it waits. */
  async resumed(attempt: Attempt): Promise<Attempt | undefined> {
    const { friendlyId: snapshotId, executionStatus } = await this.#latest(attempt);
    return executionStatus === "EXECUTING" ? { ...attempt, snapshotId } : undefined;
  }

  async #latest({ runId }: Attempt) {
    return (await this.#call<State>("GET", `/engine/v1/dev/runs/${runId}/snapshots/latest`)).execution.snapshot;
  }

  async #finish({ runId, snapshotId }: Attempt, completion: object): Promise<void> {
    await this.#call("POST", `/engine/v1/dev/runs/${runId}/snapshots/${snapshotId}/attempts/complete`, {
      completion: { id: runId, ...completion },
    });
  }

  async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#account.url + path, {
      method,
      headers: { authorization: `Bearer ${this.#account.secretKey}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  }
}
