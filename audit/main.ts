// Checks the store's money and stock by rules of its own: nothing of lib is in here, so that an error there is not one here.
import { audit } from "./audit";
import { CouldNotLookError, UsageError } from "./errors";
import { readOptions, usage } from "./options";
import { reportOf } from "./report";

try {
  const asked = await readOptions(process.argv.slice(2), process.env, process.cwd());
  if (asked.kind === "help") {
    console.log(usage);
  } else {
    const result = await audit(asked.options);
    console.log(asked.isJson ? JSON.stringify(result, null, 2) : reportOf(result));
    process.exitCode = result.violations > 0 ? 1 : 0;
  }
} catch (error) {
  // Whatever it was, nothing was found out about the store.
  const isExpected = error instanceof CouldNotLookError || error instanceof UsageError;
  console.error(isExpected ? error.message : error);
  process.exitCode = 2;
}
