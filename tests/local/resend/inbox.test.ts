import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { confirmation, startWorld } from "./world";

async function linksOf(page: Response) {
  return [...(await page.text()).matchAll(/href="(\/inbox\/[^"]+)"/g)].map((match) => match[1] ?? "");
}

test("an attachment comes back byte for byte, shown as what it is", async () => {
  const { resend, server } = await startWorld();
  const bytes = randomBytes(100_000);

  const { data } = await resend.emails.send({
    ...confirmation,
    attachments: [{ content: bytes, filename: "Bericht für Ada.pdf" }],
  });
  const [link = ""] = await linksOf(await fetch(`${server.url}/inbox/${data?.id}`));
  const opened = await fetch(server.url + link);

  expect(Buffer.from(await opened.arrayBuffer()).equals(bytes)).toBe(true);
  expect(opened.headers.get("content-type")).toBe("application/pdf");
  expect(opened.headers.get("content-disposition")).toBe(
    "inline; filename=\"Bericht f_r Ada.pdf\"; filename*=UTF-8''Bericht%20f%C3%BCr%20Ada.pdf",
  );
  const listed = await resend.emails.attachments.list({ emailId: data?.id ?? "" });
  expect(listed.data?.data).toMatchObject([
    { filename: "Bericht für Ada.pdf", size: bytes.length, download_url: server.url + link },
  ]);
});

test("an attachment that could run scripts is downloaded, not shown", async () => {
  const { resend, server } = await startWorld();

  const { data } = await resend.emails.send({
    ...confirmation,
    attachments: [{ content: Buffer.from("<script>"), filename: "a.html" }],
  });
  const [link = ""] = await linksOf(await fetch(`${server.url}/inbox/${data?.id}`));
  const opened = await fetch(server.url + link);

  expect(opened.headers.get("content-disposition")).toMatch(/^attachment;/);
  expect(opened.headers.get("content-security-policy")).toContain("sandbox");
  expect(opened.headers.get("x-content-type-options")).toBe("nosniff");
});

test("the list shows the newest first and filters by recipient", async () => {
  const { resend, server } = await startWorld();
  await resend.emails.send({ ...confirmation, subject: "For Ada" });
  await resend.emails.send({ ...confirmation, subject: "For Bob", to: "Bob <bob@shop.test>" });

  const all = await (await fetch(server.url)).text();
  const bobs = await (await fetch(`${server.url}/inbox?to=BOB@shop.test`)).text();

  expect(all.indexOf("For Bob")).toBeLessThan(all.indexOf("For Ada"));
  expect(all).toContain("For Ada");
  expect(bobs).toContain("For Bob");
  expect(bobs).not.toContain("For Ada");
});

test("nothing of a mail reaches the page unescaped, and its HTML runs in a sandbox", async () => {
  const { resend, server } = await startWorld();
  const evil = '"><script>alert(1)</script>';

  const { data } = await resend.emails.send({
    ...confirmation,
    subject: evil,
    text: evil,
    html: `<script>alert(1)</script><p>hello</p>`,
    headers: { "X-Evil": evil },
    attachments: [{ content: Buffer.from("a"), filename: evil }],
  });
  const pages = await Promise.all(
    ["/", `/inbox/${data?.id}`, `/?to=${encodeURIComponent(evil)}`].map((path) => fetch(server.url + path)),
  );
  const part = await fetch(`${server.url}/inbox/${data?.id}/html`);

  for (const page of pages) {
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await page.text()).not.toContain("<script>");
  }
  expect(part.headers.get("content-security-policy")).toMatch(
    /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/,
  );
  expect(await part.text()).toContain("<p>hello</p>");
});

test("mails, attachments and keys survive a restart, and half-written attachments are swept", async () => {
  const { stateDir, resend, close } = await startWorld();
  const withReport = { ...confirmation, attachments: [{ content: Buffer.from("%PDF"), filename: "report.pdf" }] };
  const { data } = await resend.emails.send(withReport, { idempotencyKey: "report" });
  await close();
  await mkdir(join(stateDir, "attachments", "mail-a-crash-cut-short"));

  const { resend: again, server } = await startWorld({ stateDir });
  const repeated = await again.emails.send(withReport, { idempotencyKey: "report" });
  const [link = ""] = await linksOf(await fetch(`${server.url}/inbox/${data?.id}`));

  expect(repeated.data?.id).toBe(data?.id);
  expect((await again.emails.list()).data?.data).toHaveLength(1);
  expect(await (await fetch(server.url + link)).text()).toBe("%PDF");
  expect(await readdir(join(stateDir, "attachments"))).toEqual([data?.id]);
});

test("tests read the mails as JSON, by recipient", async () => {
  const { resend, server } = await startWorld();
  await resend.emails.send(confirmation);
  await resend.emails.send({ ...confirmation, to: "bob@shop.test" });

  const emails = await (await fetch(`${server.url}/_local/emails?to=ada@shop.test`)).json();

  expect(emails).toMatchObject([{ to: ["ada@shop.test"], subject: confirmation.subject, attachments: [] }]);
});
