import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { env } from "@/lib/env";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { findingsMail } from "./findings-mail";
import { listStaffAddresses } from "./list-staff-addresses";
import { sendOnce } from "./send-once";

/** The finding that the batch is named after. */
const firstOf = Prisma.sql`split_part(told_with, ':', 1)`;

/**
 * Tells staff of what they have not been told of yet: one mail for all that is new, each finding in one mail, however
 * often and by how many this is called. Answers how many mails went out.
 * One that settled itself and is raised anew is new again.
 *
 * @throws TemporaryError and MailRefusedError as `sendOnce`; asking again later is safe.
 */
export async function sendFindings({ now }: { now: Date }): Promise<number> {
  await gather();
  const untold = await db().$queryRaw<{ batch: string; findingId: string }[]>(Prisma.sql`
    select distinct told_with as batch, ${firstOf} as "findingId" from finding
    where told_with is not null and not exists (
      select 1 from sent_mail where finding_id = ${firstOf} and subject = told_with and sent_at is not null)`);
  if (untold.length === 0) return 0;
  const recipients = await listStaffAddresses();
  if (recipients.length === 0) {
    log.warn("findings.nobody-to-mail", { mails: untold.length });
    return 0;
  }
  let sent = 0;
  for (const { batch, findingId } of untold) {
    const mail = await sendOnce({
      kind: "needs-attention",
      about: { findingId, subject: batch },
      recipients,
      render: () => render(batch),
      now,
    });
    if (mail.sent) sent += 1;
  }
  return sent;
}

/**
 * Which findings go into one mail is decided once, under a name that no mail had before: a finding that is raised anew is
 * told anew. The mail belongs to the first of them.
 */
async function gather(): Promise<void> {
  await db().$executeRaw`
    update finding set told_with =
      (select min(id) from finding where state = 'open' and told_with is null) || ':' || ${newId("mail")}::text
    where state = 'open' and told_with is null`;
}

async function render(batch: string) {
  const findings = await db().finding.findMany({
    where: { toldWith: batch },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { message: true },
  });
  const { name } = await getStoreSettings();
  return findingsMail({
    storeName: name,
    attentionUrl: env().STORE_URL + routes.adminAttention(),
    messages: findings.map(({ message }) => message),
  });
}
