// Loads the project once to learn what is in it, tells the host, and ends.
import { resourceCatalog } from "@trigger.dev/core/v3";
import { StandardResourceCatalog } from "@trigger.dev/core/v3/workers";
import { schemaToJsonSchema } from "@trigger.dev/schema-to-json";
import { importConfig, importTasks, readBundleManifest } from "./load-project";

resourceCatalog.setGlobalResourceCatalog(new StandardResourceCatalog());

const manifest = readBundleManifest();
const { config } = await importConfig(manifest);
const failures = await importTasks(manifest);

/** What a task does not say itself, the project's configuration says for all of them. */
const tasks = resourceCatalog.listTaskManifests().map((task) => ({
  ...task,
  payloadSchema: jsonSchemaOf(task.id),
  retry: task.retry ?? config.retries?.default,
  maxDuration: task.maxDuration ?? config.maxDuration,
  ttl: task.ttl ?? config.ttl,
  machine: task.machine?.preset ? task.machine : config.machine ? { preset: config.machine } : task.machine,
}));

function jsonSchemaOf(taskId: string): unknown {
  const schema = resourceCatalog.getTaskSchema(taskId);
  try {
    return schema ? schemaToJsonSchema(schema)?.jsonSchema : undefined;
  } catch {
    return undefined; // The form of the test page is all that is lost.
  }
}

const index = {
  tasks,
  queues: resourceCatalog.listQueueManifests(),
  concurrencyLimits: resourceCatalog.listConcurrencyLimitManifests(),
  collisions: resourceCatalog.listTaskIdCollisions(),
  failures: failures.map(({ file, error }) => ({
    file,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })),
};

export type TaskIndex = typeof index;

process.send?.(index, undefined, undefined, () => process.exit(0));
