import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Resend } from "resend";
import { openJournal } from "../journal";

export type StoredAttachment = {
  id: string;
  filename: string;
  contentType: string;
  contentId: string | null;
  sizeBytes: number;
};

type LastEvent = NonNullable<Awaited<ReturnType<Resend["emails"]["get"]>>["data"]>["last_event"];

export type StoredEmail = {
  id: string;
  /** ISO 8601. */
  createdAt: string;
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  subject: string;
  html: string | null;
  text: string | null;
  headers: Record<string, string>;
  tags: { name: string; value: string }[];
  attachments: StoredAttachment[];
  lastEvent: LastEvent;
};

/** What was answered under an idempotency key. */
export type SavedAnswer = { requestHash: string; body: unknown; savedAt: string };

export type NewEmail = { email: StoredEmail; files: { id: string; bytes: Buffer }[] };

/**
 * Mails and saved answers in a journal, attachments as files. What `accept` has returned from is there
 * after `kill -9`, and a mail is never there without its attachments or without its idempotency key.
 */
export type Mailbox = {
  /** Oldest first. */
  emails(): StoredEmail[];
  find(id: string): StoredEmail | undefined;
  accept(emails: NewEmail[], saved: { key: string; answer: SavedAnswer } | undefined): void;
  savedAnswer(key: string): SavedAnswer | undefined;
  attachmentPath(emailId: string, attachmentId: string): string;
  clear(): void;
  close(): void;
};

export function openMailbox(stateDir: string): Mailbox {
  const attachmentsDir = join(stateDir, "attachments");
  mkdirSync(attachmentsDir, { recursive: true });
  const journal = openJournal(join(stateDir, "mailbox.ndjson"));
  const emails = journal.collection<StoredEmail>("emails");
  const answers = journal.collection<SavedAnswer>("answers");
  // Files come before the mail that names them, so a crash between leaves some without one.
  for (const id of readdirSync(attachmentsDir)) {
    if (!emails.get(id)) rmSync(join(attachmentsDir, id), { recursive: true, force: true });
  }

  return {
    emails: () => emails.values(),
    find: (id) => emails.get(id),
    accept(accepted, saved) {
      for (const { email, files } of accepted) {
        if (files.length > 0) mkdirSync(join(attachmentsDir, email.id));
        for (const { id, bytes } of files) writeFileSync(join(attachmentsDir, email.id, id), bytes);
        emails.put(email.id, email);
      }
      if (saved) answers.put(saved.key, saved.answer);
      journal.commit();
    },
    savedAnswer: (key) => answers.get(key),
    attachmentPath: (emailId, attachmentId) => join(attachmentsDir, emailId, attachmentId),
    clear() {
      emails.clear();
      answers.clear();
      journal.commit();
      rmSync(attachmentsDir, { recursive: true, force: true });
      mkdirSync(attachmentsDir);
    },
    close: () => journal.close(),
  };
}
