import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const macApplications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * A Chromium on this machine, fetched when there is none: the system's, else Debian's package where we may install it,
 * else Playwright's own download. `say` is told which. Throws a sentence when none can be had.
 */
export function findBrowser(projectDir: string, say: (line: string) => void): string {
  const found = installed();
  if (found) {
    say(`Browser: ${found}`);
    return found;
  }
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("No browser here: installing Debian's chromium (apt-get) …");
    const quiet = { stdio: "ignore" as const, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
    spawnSync("apt-get", ["update"], quiet);
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], quiet);
  }
  if (!installed()) {
    say("No browser here: downloading Playwright's …");
    spawnSync(process.execPath, [join(projectDir, "node_modules/@playwright/test/cli.js"), "install", "chromium"], {
      stdio: "inherit",
    });
  }
  const fetched = installed();
  if (!fetched)
    throw new Error("There is no Chromium and none could be fetched. Install Chromium or Chrome and try again.");
  say(`Browser: ${fetched}`);
  return fetched;
}

function installed(): string | undefined {
  const asked = process.env.SHOPFLOOR_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter).concat("/usr/bin");
  const candidates = [
    ...(asked ? [asked] : []),
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...macApplications,
    chromium.executablePath(),
  ];
  return candidates.find((path) => path && existsSync(path));
}
