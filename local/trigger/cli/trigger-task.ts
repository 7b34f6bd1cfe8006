import { readClientOptions, UsageError } from "./options";
import { parsePayload, runTask } from "./run-task";
import { connectionOf } from "./state";

/** `trigger-local trigger TASK [JSON]`. */
export async function triggerTask(args: string[]): Promise<void> {
  const { stateDir, words } = readClientOptions("trigger", args);
  const [task, json, ...rest] = words;
  if (!task || rest.length > 0)
    throw new UsageError('trigger-local trigger TASK [JSON], for example: hello \'{"name":"Ada"}\'');
  await runTask(await connectionOf(stateDir), task, parsePayload(json));
}
