// Executes runs, one at a time, with the official executor: what `trigger dev` does in its own run processes. All of the
// SDK's managers are global to a process, which is why there is a process for each run that executes or waits.
import { setTimeout as sleep } from "node:timers/promises";
import {
  apiClientManager,
  clock,
  heartbeats,
  inputStreams,
  lifecycleHooks,
  localsAPI,
  logger,
  OTEL_LOG_ATTRIBUTE_COUNT_LIMIT,
  realtimeStreams,
  resetIdempotencyKeyCatalog,
  resourceCatalog,
  runMetadata,
  runTimelineMetrics,
  runtime,
  sessionStreams,
  TaskRunContext,
  TaskRunErrorCodes,
  taskContext,
  timeout,
  traceContext,
  waitUntil,
} from "@trigger.dev/core/v3";
import { CompletedWaitpoint } from "@trigger.dev/core/v3/schemas";
import { TriggerTracer } from "@trigger.dev/core/v3/tracer";
import {
  ConsoleInterceptor,
  DevUsageManager,
  DurableClock,
  logLevels,
  NO_FILE_CONTEXT,
  OtelTaskLogger,
  populateEnv,
  SharedRuntimeManager,
  StandardHeartbeatsManager,
  StandardInputStreamManager,
  StandardLifecycleHooksManager,
  StandardLocalsManager,
  StandardMetadataManager,
  StandardRealtimeStreamsManager,
  StandardResourceCatalog,
  StandardRunTimelineMetricsManager,
  StandardSessionStreamManager,
  StandardTraceContextManager,
  StandardWaitUntilManager,
  TaskExecutor,
  TracingSDK,
  UsageTimeoutManager,
  usage,
} from "@trigger.dev/core/v3/workers";
import { attemptHeader, type Completion, type Execution } from "../protocol";
import { importConfig, importTasks, readBundleManifest } from "./load-project";
import { type FromRunProcess, runProcessTitle, type ToRunProcess, type WorkerIdentity } from "./messages";

const version = "4.8.3";
const metadataFlushMs = 1_000;
const waitUntilMs = 60_000;
const flushMs = 5_000;
/** Asking the system how large the process is takes longer than a run that does nothing. */
const memoryEvery = 20;

process.title = runProcessTitle;
// The host is gone: nobody would hear of anything this process still did.
process.on("disconnect", () => process.exit(0));
// It may have gone while this module was being loaded, before its guard had heard of us.
if (!process.connected) process.exit(0);
process.on("uncaughtException", (error: unknown, origin) => {
  const { name, message, stack } =
    error instanceof Error ? error : { name: "Error", message: describe(error), stack: undefined };
  tell({ type: "uncaught", error: { name, message, ...(stack ? { stack } : {}) }, origin });
});

function describe(error: unknown): string {
  return typeof error === "string" ? error : JSON.stringify(error);
}

function tell(message: FromRunProcess): void {
  if (process.connected) process.send?.(message);
}

/** `RUN/ATTEMPT`, while one executes. */
let current: string | undefined;
const plainFetch = globalThis.fetch;
const api = `${process.env.TRIGGER_API_URL ?? ""}/`;
globalThis.fetch = (input, init) => {
  if (current === undefined || typeof input !== "string" || !input.startsWith(api)) return plainFetch(input, init);
  const headers = new Headers(init?.headers);
  headers.set(attemptHeader, current);
  return plainFetch(input, { ...init, headers });
};

const streamUrl = process.env.TRIGGER_STREAM_URL ?? process.env.TRIGGER_API_URL ?? "";
const locals = new StandardLocalsManager();
const hooks = new StandardLifecycleHooksManager();
const timeline = new StandardRunTimelineMetricsManager();
const devUsage = new DevUsageManager();
const usageTimeout = new UsageTimeoutManager(devUsage);
const trace = new StandardTraceContextManager();
const durableClock = new DurableClock();
const metadata = new StandardMetadataManager(apiClientManager.clientOrThrow());
const streams = new StandardRealtimeStreamsManager(apiClientManager.clientOrThrow(), streamUrl, false);
const inputs = new StandardInputStreamManager(apiClientManager.clientOrThrow(), streamUrl, false);
const sessions = new StandardSessionStreamManager(apiClientManager.clientOrThrow(), streamUrl, false);
const waiting = new StandardWaitUntilManager(waitUntilMs);
// The host's session answers for the run; only `heartbeats.yield()` asks for this one.
const beats = new StandardHeartbeatsManager(30_000);
// It only ever sends; two of its messages matter here, and its type asks for the whole connection.
const sharedRuntime = new SharedRuntimeManager(
  {
    send: async (type: string, payload: unknown) => {
      if (type !== "SET_SUSPENDABLE") return;
      const { suspendable } = payload as { suspendable: boolean };
      tell({ type: "suspendable", suspendable });
      // Whoever watches the run should see how far it came, however long it waits.
      if (suspendable) await metadata.flush().catch(() => undefined);
    },
  } as unknown as ConstructorParameters<typeof SharedRuntimeManager>[0],
  false,
);

localsAPI.setGlobalLocalsManager(locals);
lifecycleHooks.setGlobalLifecycleHooksManager(hooks);
runTimelineMetrics.setGlobalManager(timeline);
usage.setGlobalUsageManager(devUsage);
timeout.setGlobalManager(usageTimeout);
resourceCatalog.setGlobalResourceCatalog(new StandardResourceCatalog());
traceContext.setGlobalManager(trace);
clock.setGlobalClock(durableClock);
runMetadata.setGlobalManager(metadata);
realtimeStreams.setGlobalManager(streams);
inputStreams.setGlobalManager(inputs);
sessionStreams.setGlobalManager(sessions);
waitUntil.setGlobalManager(waiting);
heartbeats.setGlobalManager(beats);
runtime.setGlobalRuntimeManager(sharedRuntime);
timeout.registerListener(async (maxDurationInSeconds, elapsedTimeInSeconds) =>
  tell({ type: "max-duration", maxDurationInSeconds, elapsedTimeInSeconds }),
);

const { config, tracer, tracingSDK, consoleInterceptor, failures } = await loadProject();

let cancelling = new AbortController();
let isCancelled = false;
let previousVariables: Record<string, string> | undefined;
let executionCount = 0;

process.on("message", (message: ToRunProcess) => {
  switch (message.type) {
    case "execute":
      void execute(message.execution, message.variables, message.worker);
      break;
    case "waitpoints":
      void sharedRuntime.resolveWaitpoints(message.waitpoints.map((waitpoint) => CompletedWaitpoint.parse(waitpoint)));
      break;
    case "cancel":
      void cancel(message.timeoutMs);
      break;
    case "flush":
      void flush(flushMs).then(() => tell({ type: "flushed" }));
      break;
  }
});
tell({ type: "ready" });

async function loadProject() {
  const manifest = readBundleManifest();
  const { config: loaded, handleError } = await importConfig(manifest);
  const sdk = new TracingSDK({
    url: process.env.TRIGGER_OTEL_EXPORTER_OTLP_ENDPOINT ?? "http://127.0.0.1:4318",
    instrumentations: loaded.telemetry?.instrumentations ?? loaded.instrumentations ?? [],
    exporters: loaded.telemetry?.exporters ?? [],
    spanProcessors: loaded.telemetry?.spanProcessors ?? [],
    logExporters: loaded.telemetry?.logExporters ?? [],
    metricExporters: loaded.telemetry?.metricExporters ?? [],
    metricReaders: loaded.telemetry?.metricReaders ?? [],
    diagLogLevel: "none",
    forceFlushTimeoutMillis: 30_000,
    ...(loaded.telemetry?.resource ? { resource: loaded.telemetry.resource } : {}),
  });
  const otelLogger = sdk.getLogger("trigger-local-worker", version);
  const taskTracer = new TriggerTracer({ tracer: sdk.getTracer("trigger-local-worker", version), logger: otelLogger });
  const level = process.env.TRIGGER_LOG_LEVEL ?? loaded.logLevel ?? "info";
  logger.setGlobalTaskLogger(
    new OtelTaskLogger({
      logger: otelLogger,
      tracer: taskTracer,
      level: logLevels.find((known) => known === level) ?? "info",
      maxAttributeCount: OTEL_LOG_ATTRIBUTE_COUNT_LIMIT,
    }),
  );
  if (loaded.init) lifecycleHooks.registerGlobalInitHook({ id: "config", fn: loaded.init });
  if (loaded.onStart) lifecycleHooks.registerGlobalStartHook({ id: "config", fn: loaded.onStart });
  if (loaded.onSuccess) lifecycleHooks.registerGlobalSuccessHook({ id: "config", fn: loaded.onSuccess });
  if (loaded.onFailure) lifecycleHooks.registerGlobalFailureHook({ id: "config", fn: loaded.onFailure });
  if (handleError) lifecycleHooks.registerGlobalCatchErrorHook({ id: "config", fn: handleError });
  return {
    config: loaded,
    tracer: taskTracer,
    tracingSDK: sdk,
    consoleInterceptor: new ConsoleInterceptor(
      otelLogger,
      loaded.enableConsoleLogging ?? true,
      loaded.disableConsoleInterceptor ?? false,
      OTEL_LOG_ATTRIBUTE_COUNT_LIMIT,
    ),
    failures: await importTasks(manifest),
  };
}

async function execute(execution: Execution, variables: Record<string, string>, worker: WorkerIdentity): Promise<void> {
  const run = execution.run.id;
  const attempt = execution.attempt.number;
  current = `${run}/${attempt}`;
  let completion: Completion;
  try {
    populateEnv(variables, { override: true, ...(previousVariables ? { previousEnv: previousVariables } : {}) });
    previousVariables = variables;
    forgetLastRun();
    completion = await runTask(reviveDates(execution), worker);
  } catch (error) {
    completion = internalFailure(run, TaskRunErrorCodes.CONFIGURED_INCORRECTLY, error);
  }
  // A cancelled run is ended by the host, which also ends this process.
  if (isCancelled) return;
  const flushedMetadata = await metadata.stopAndReturnLastFlush();
  tell({
    type: "completed",
    run,
    attempt,
    completion: { ...completion, flushedMetadata },
    ...(executionCount % memoryEvery === 1 ? { memoryBytes: process.memoryUsage.rss() } : {}),
  });
}

function forgetLastRun(): void {
  isCancelled = false;
  cancelling = new AbortController();
  for (const manager of [
    locals,
    hooks,
    timeline,
    devUsage,
    usageTimeout,
    metadata,
    streams,
    inputs,
    sessions,
    waiting,
    sharedRuntime,
    durableClock,
    trace,
    beats,
  ]) {
    manager.reset();
  }
  taskContext.disable();
  resetIdempotencyKeyCatalog();
  waitUntil.register({
    requiresResolving: () => streams.hasActiveStreams(),
    promise: (timeoutMs) => streams.waitForAllStreams(timeoutMs),
  });
}

async function runTask(execution: Execution, worker: WorkerIdentity): Promise<Completion> {
  const run = execution.run.id;
  const isWarm = executionCount > 0;
  inputs.setRunId(run, execution.run.realtimeStreamsVersion);
  trace.traceContext = execution.run.traceContext ?? {};
  timeline.registerMetricsFromExecution([], isWarm);
  const ctx = TaskRunContext.parse(execution);
  taskContext.setGlobalTaskContext({ ctx, worker: { ...worker, engine: "V2" }, isWarmStart: isWarm });
  const task = resourceCatalog.getTask(execution.task.id);
  if (!task) return missingTask(execution);
  metadata.runId = run;
  metadata.runIdIsRoot = execution.run.rootTaskRunId === undefined;
  executionCount += 1;
  const executor = new TaskExecutor(task, {
    tracer,
    tracingSDK,
    consoleInterceptor,
    retries: config.retries,
    isWarmStart: isWarm,
    executionCount,
  });
  metadata.startPeriodicFlush(metadataFlushMs);
  devUsage.setInitialState({ cpuTime: execution.run.durationMs ?? 0, costInCents: 0 });
  const measurement = usage.start();
  const { signal } = timeout.abortAfterTimeout(execution.run.maxDuration);
  // A task that imports others while it runs may register them.
  resourceCatalog.setCurrentFileContext(NO_FILE_CONTEXT, NO_FILE_CONTEXT);
  try {
    const { result } = await executor.execute(execution, ctx, AbortSignal.any([cancelling.signal, signal]));
    return { ...result, usage: { durationMs: usage.stop(measurement).cpuTime } };
  } finally {
    usageTimeout.reset();
    resourceCatalog.clearCurrentFileContext();
  }
}

function missingTask({ run, task }: Execution): Completion {
  const failure = failures.find(({ file }) => file === task.filePath);
  if (failure) return internalFailure(run.id, TaskRunErrorCodes.COULD_NOT_IMPORT_TASK, failure.error);
  const message = `Could not find task ${task.id}. Make sure the task is exported and the ID is correct.`;
  return internalFailure(run.id, TaskRunErrorCodes.COULD_NOT_FIND_TASK, new Error(message));
}

function internalFailure(
  run: string,
  code: (typeof TaskRunErrorCodes)[keyof typeof TaskRunErrorCodes],
  error: unknown,
): Completion {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  return {
    ok: false,
    id: run,
    error: { type: "INTERNAL_ERROR", code, message, ...(stack ? { stackTrace: stack } : {}) },
    usage: { durationMs: 0 },
  };
}

/** Messages between processes are text; the executor and the task want real dates. */
function reviveDates(execution: Execution): Execution {
  const { attempt, run } = execution;
  return {
    ...execution,
    attempt: { ...attempt, startedAt: new Date(attempt.startedAt) },
    run: { ...run, createdAt: new Date(run.createdAt), startedAt: new Date(run.startedAt) },
  };
}

async function cancel(timeoutMs: number): Promise<void> {
  // The host waits longer for a process that answers than for one that is stuck.
  tell({ type: "cancelling" });
  isCancelled = true;
  cancelling.abort("run cancelled");
  await Promise.race([lifecycleHooks.callOnCancelHookListeners(), sleep(timeoutMs)]).catch(() => undefined);
  await flush(Math.min(timeoutMs, flushMs));
  tell({ type: "flushed" });
}

async function flush(timeoutMs: number): Promise<void> {
  await Promise.race([Promise.allSettled([tracingSDK.flush(), metadata.flush()]), sleep(timeoutMs)]);
}
