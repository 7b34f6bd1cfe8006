import type { Metadata } from "next";
import Link from "next/link";
import { firstOf, type SearchParams } from "@/app/_server/search-params";
import { requireStaffActor } from "@/app/_server/session";
import { Empty } from "@/components/empty";
import { eventWords } from "@/components/event-words";
import { Moment } from "@/components/moment";
import { PageHeading } from "@/components/page-heading";
import { Status } from "@/components/status-light";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { type EventView, listEvents } from "@/lib/webhooks/list-events";
import { EventId } from "@/lib/webhooks/schema";

export const metadata: Metadata = { title: "Stripe events" };

const statuses: Record<EventView["status"], string> = {
  received: "Waiting",
  handled: "Applied",
  ignored: "Ignored or kept",
};

function isStatus(text: string): text is EventView["status"] {
  return Object.hasOwn(statuses, text);
}

export default async function EventsPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireStaffActor();
  const params = await searchParams;
  const [search, chosen] = [firstOf(params.q).trim(), firstOf(params.status)];
  const after = EventId.safeParse(firstOf(params.after)).data;
  const status = isStatus(chosen) ? chosen : undefined;
  const [{ timeZone }, { events, next }] = await Promise.all([
    getStoreSettings(),
    listEvents({ actor, status, search, after }),
  ]);
  const hrefOf = (more: Record<string, string>) =>
    `${routes.adminEvents()}?${new URLSearchParams({ ...(search && { q: search }), ...(status && { status }), ...more })}`;

  return (
    <>
      <PageHeading title="Stripe events">
        <form className="flex flex-wrap items-center gap-2 text-sm">
          <input
            type="search"
            name="q"
            aria-label="Type, event or object"
            placeholder="Type, event or object"
            defaultValue={search}
            className="field field-small !w-52"
          />
          <select name="status" aria-label="Status" defaultValue={status ?? ""} className="field field-small !w-auto">
            <option value="">Any status</option>
            {Object.entries(statuses).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
          <button type="submit" className="button button-small">
            Show
          </button>
        </form>
      </PageHeading>
      {events.length === 0 ? (
        <Empty title={search || status ? "No event fits that." : "No events yet."}>
          What Stripe tells the store is kept here under Stripe's own ids, whether the store does something with it or
          not.
        </Empty>
      ) : (
        <div className="overflow-x-auto">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col">Type</th>
                <th scope="col">Object</th>
                <th scope="col">What it did</th>
                <th scope="col">Came in</th>
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <EventRow key={event.id} event={event} timeZone={timeZone} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {(after || next) && (
        <nav aria-label="Pages" className="mt-4 flex gap-6 text-sm">
          {after && (
            <Link href={hrefOf({})} className="link">
              Newest
            </Link>
          )}
          {next && (
            <Link href={hrefOf({ after: next })} className="link">
              Older
            </Link>
          )}
        </nav>
      )}
    </>
  );
}

function EventRow({ event, timeZone }: { event: EventView; timeZone: string }) {
  const { tone, text, effect } = eventWords(event);
  return (
    <tr data-event={event.id} data-status={event.status}>
      <td>
        <Status tone={tone}>{text}</Status>
      </td>
      <td className="font-medium whitespace-nowrap">
        {event.type}
        <span className="figure block text-xs font-normal text-soft">{event.id}</span>
      </td>
      <td className="figure text-xs break-all">{event.objectId ?? "–"}</td>
      <td className="min-w-56">
        {effect}{" "}
        {event.orderId && (
          <Link href={routes.adminOrder(event.orderId)} className="link">
            Order
          </Link>
        )}{" "}
        {event.runId && (
          <Link href={routes.adminRun(event.runId)} className="link">
            Run
          </Link>
        )}
      </td>
      <td className="figure text-xs whitespace-nowrap">
        <Moment at={event.receivedAt} timeZone={timeZone} />
      </td>
    </tr>
  );
}
