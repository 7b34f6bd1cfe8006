// npm run trigger -- <task> '<json>': runs a task of the running demo and prints its output.
import { projectDir } from "./prepare.mjs";
import { startTypeScript } from "./start.mjs";

const { triggerTask } = await startTypeScript("local/launcher/trigger-task.ts");
await triggerTask(projectDir, process.argv.slice(2));
