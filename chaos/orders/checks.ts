import { audit } from "@/audit/audit";
import { reportOf } from "@/audit/report";
import { rows } from "../database";
import {
  type Charge,
  type Evidence,
  type Findings,
  type Intent,
  judge,
  type Label,
  type Mail,
  type MailRow,
  type OrderRow,
} from "./judge";
import { listAll } from "./ledger";
import type { Crowd } from "./shopper";
import type { OrdersWorld } from "./world";

const ordersSql = `
  select id, status::text, payment_status::text,
    (select state::text from order_review where order_id = "order".id order by created_at desc limit 1) as review,
    (select id from shipping_label where order_id = "order".id) as label
  from "order"`;
const mailsSql = "select id, kind, recipient, provider_id from sent_mail where sent_at is not null";

/** Gathers the evidence, has it judged, and has the audit look beside it. */
export async function check(world: OrdersWorld, crowd: Crowd): Promise<{ findings: Findings; report: string }> {
  const findings = judge(await gather(world, crowd));
  findings.violations.push(...crowd.surprises);
  const { STRIPE_SECRET_KEY: key = "", TRIGGER_SECRET_KEY: triggerKey = "" } = world.settings;
  const result = await audit({
    databaseUrl: world.settings.DATABASE_URL ?? "",
    stripe: { key, url: world.addresses.stripe },
    trigger: { key: triggerKey, url: world.addresses.trigger },
  });
  for (const { name, examples, violations } of result.invariants) {
    findings.violations.push(...examples.map((example) => `${name}: ${example}`));
    const more = violations - examples.length;
    findings.violations.push(...Array.from({ length: more }, () => `${name}: one more`));
  }
  return { findings, report: reportOf(result) };
}

async function gather({ addresses, settings }: OrdersWorld, { told }: Crowd): Promise<Evidence> {
  const databaseUrl = settings.DATABASE_URL ?? "";
  const stripe = { url: addresses.stripe, key: settings.STRIPE_SECRET_KEY ?? "" };
  return {
    told,
    orders: await rows<OrderRow>(databaseUrl, ordersSql, "public"),
    intents: await listAll<Intent>(stripe, "/v1/payment_intents"),
    charges: await listAll<Charge>(stripe, "/v1/charges"),
    mails: (await (await fetch(`${addresses.resend}/_local/emails`)).json()) as Mail[],
    sentMails: await rows<MailRow>(databaseUrl, mailsSql, "public"),
    labels: (await (await fetch(`${addresses.carrier}/_local/labels`)).json()) as Label[],
  };
}
