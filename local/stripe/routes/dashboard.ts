import type { App } from "../api";
import { clockNow } from "../clock";
import { dashboardPage } from "../pages/dashboard-page";
import type { World } from "../world";

/** The page at `/`. */
export function serveDashboard(app: App, world: World): void {
  app.get("/", (http) =>
    http.html(
      dashboardPage({
        store: world.store,
        webhookUrl: world.options.webhook?.url ?? null,
        now: new Date(clockNow(world.store)),
      }),
    ),
  );
}
