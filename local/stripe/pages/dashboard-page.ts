import { html } from "hono/html";
import type { Delivery, Store } from "../store";
import { formatAmount, layout } from "./layout";

const shown = 50;

/** What happened here: payments, checkouts and events with their deliveries, newest first. */
export function dashboardPage(input: { store: Store; webhookUrl: string | null; now: Date }) {
  const { store } = input;
  return layout({
    title: "Local Stripe",
    body: html`<main class="board">
      <div>
        <h1>Local Stripe</h1>
        <p class="soft">
          Its clock says ${input.now.toISOString().slice(0, 19).replace("T", " ")} UTC. Events go to
          ${input.webhookUrl ?? "nobody: no webhook address was given"}.
        </p>
      </div>
      ${payments(store)} ${sessions(store)} ${events(store)}
    </main>`,
  });
}

function payments(store: Store) {
  const rows = newest(store.paymentIntents.values()).map(
    (intent) => html`<tr>
      <td><code>${intent.id}</code></td>
      <td class="number">${formatAmount(intent.amount, intent.currency)}</td>
      <td class="${intent.status === "succeeded" ? "good" : ""}">${intent.status}</td>
      <td class="bad">${intent.last_payment_error?.message ?? ""}</td>
      <td>${time(intent.created)}</td>
    </tr>`,
  );
  return table("Payments", ["Payment", "Amount", "Status", "Last error", "Created"], rows);
}

function sessions(store: Store) {
  const rows = newest(store.sessions.values()).map(
    (session) => html`<tr>
      <td>${session.url ? html`<a href="${session.url}"><code>${short(session.id)}</code></a>` : html`<code>${short(session.id)}</code>`}</td>
      <td class="number">${formatAmount(session.amount_total ?? 0, session.currency ?? "usd")}</td>
      <td>${session.status} / ${session.payment_status}</td>
      <td>${session.client_reference_id ?? ""}</td>
      <td>${time(session.created)}</td>
    </tr>`,
  );
  return table("Checkouts", ["Session", "Amount", "Status", "Reference", "Created"], rows);
}

function events(store: Store) {
  const deliveries = new Map<string, Delivery[]>();
  for (const delivery of store.deliveries.values()) {
    deliveries.set(delivery.eventId, [...(deliveries.get(delivery.eventId) ?? []), delivery]);
  }
  const rows = newest(store.events.values()).map(
    (event) => html`<tr>
      <td><code>${event.id}</code></td>
      <td>${event.type}</td>
      <td>${(deliveries.get(event.id) ?? []).map((delivery) => html`<div>${deliveryText(delivery)}</div>`)}</td>
      <td>${time(event.created)}</td>
      <td><form method="post" action="/_local/events/${event.id}/deliver"><button type="submit">Deliver again</button></form></td>
    </tr>`,
  );
  return html`<div id="events">${table("Events", ["Event", "Type", "Deliveries", "Created", ""], rows)}</div>`;
}

function deliveryText(delivery: Delivery) {
  const last = delivery.attempts.at(-1);
  const tries = `${delivery.attempts.length} ${delivery.attempts.length === 1 ? "attempt" : "attempts"}`;
  if (!last) return html`<span class="soft">waiting</span>`;
  if (last.error === null) return html`<span class="good">taken (${last.status}), ${tries}</span>`;
  const next = delivery.nextAt === null ? "given up" : `next ${new Date(delivery.nextAt).toISOString().slice(11, 19)}`;
  return html`<span class="bad">${last.error}, ${tries}, ${next}</span>`;
}

type Cell = ReturnType<typeof html>;

function table(title: string, heads: string[], rows: Cell[]) {
  return html`<section class="panel">
    <h2>${title}</h2>
    ${
      rows.length === 0
        ? html`<p class="soft">None yet.</p>`
        : html`<div class="scroll">
            <table>
              <thead><tr>${heads.map((head) => html`<th class="${head === "Amount" ? "number" : ""}">${head}</th>`)}</tr></thead>
              <tbody>${rows}</tbody>
            </table>
          </div>`
    }
  </section>`;
}

function newest<Item>(oldestFirst: Item[]): Item[] {
  return oldestFirst.slice(-shown).reverse();
}

function short(id: string): string {
  return `${id.slice(0, 20)}…`;
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}
