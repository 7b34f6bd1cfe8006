// npm test: npm run check, then the journeys of a shopper in a real browser against a production build.
import { projectDir } from "./prepare.mjs";
import { startTypeScript } from "./start.mjs";

const { runAllTests } = await startTypeScript("local/launcher/all-tests.ts");
await runAllTests(projectDir);
