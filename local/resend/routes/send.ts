import { type Context, Hono } from "hono";
import { readEmail } from "../email-input";
import { ResendError } from "../errors";
import type { NewEmail } from "../store";
import type { Env, World } from "../world";

const batchMax = 100;

/** POST /emails and POST /emails/batch. */
export function sendRoutes(world: World) {
  const app = new Hono<Env>();
  app.post("/emails", (c) => send(c, world, acceptOne));
  app.post("/emails/batch", (c) => send(c, world, acceptBatch));
  return app;
}

type Accepted = { emails: NewEmail[]; body: unknown };
type Accept = (body: unknown, c: Context<Env>, now: Date) => Accepted;

async function send(c: Context<Env>, world: World, accept: Accept): Promise<Response> {
  const { mailbox, idempotency, faults } = world;
  const now = new Date();
  const text = await c.req.text();
  const key = c.req.header("idempotency-key");
  const claim = key === undefined ? undefined : idempotency.claim(key, { path: c.req.path, body: text }, now);
  if (claim?.replay) return c.json(claim.replay.body);
  try {
    const planned = await faults.meetPlanned();
    if (planned === "before") return drop(c);
    const { emails, body } = accept(parse(text), c, now);
    const recipients = emails.flatMap(({ email }) => [...email.to, ...email.cc, ...email.bcc]);
    const byAddress = await faults.meetByAddress(recipients);
    if (byAddress === "before") return drop(c);
    const answer = claim && { requestHash: claim.requestHash, body, savedAt: now.toISOString() };
    mailbox.accept(emails, key !== undefined && answer ? { key, answer } : undefined);
    if (planned === "after" || byAddress === "after") return drop(c);
    return c.json(body);
  } finally {
    claim?.release();
  }
}

function acceptOne(body: unknown, _c: Context<Env>, now: Date): Accepted {
  const email = readEmail(body, now);
  return { emails: [email], body: { id: email.email.id } };
}

/** https://resend.com/docs/api-reference/emails/send-batch-emails */
function acceptBatch(body: unknown, c: Context<Env>, now: Date): Accepted {
  if (!Array.isArray(body)) throw new ResendError("validation_error", "The request body must be an `array` of emails.");
  if (body.length < 1 || body.length > batchMax) {
    throw new ResendError("validation_error", `The batch must have between 1 and ${batchMax} emails.`);
  }
  const mode = c.req.header("x-batch-validation") ?? "strict";
  const emails: NewEmail[] = [];
  const errors: { index: number; message: string }[] = [];
  for (const [index, item] of body.entries()) {
    try {
      emails.push(readBatchEmail(item, now));
    } catch (error) {
      if (mode !== "permissive" || !(error instanceof ResendError)) throw error;
      errors.push({ index, message: error.message });
    }
  }
  const data = emails.map(({ email }) => ({ id: email.id }));
  return { emails, body: mode === "permissive" ? { data, errors } : { data } };
}

function readBatchEmail(item: unknown, now: Date): NewEmail {
  const email = readEmail(item, now);
  if (email.files.length > 0)
    throw new ResendError("validation_error", "The `attachments` field is not supported in a batch.");
  return email;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ResendError("validation_error", "The request body is not valid JSON.", 400);
  }
}

/** Closes the connection without an answer; the response returned is never sent. */
function drop(c: Context<Env>): Response {
  c.env.outgoing.destroy();
  return c.body(null);
}
