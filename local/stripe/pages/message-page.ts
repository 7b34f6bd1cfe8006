import { html } from "hono/html";
import { layout } from "./layout";

/** One thing to say, and perhaps one way on. */
export function messagePage(input: { title: string; text: string; link?: { href: string; label: string } | null }) {
  return layout({
    title: input.title,
    body: html`<main class="panel narrow">
      <h2>${input.title}</h2>
      <p>${input.text}</p>
      ${input.link ? html`<p><a href="${input.link.href}">${input.link.label}</a></p>` : ""}
    </main>`,
  });
}

/** The bank's page of a 3D Secure challenge. */
export function challengePage(input: { action: string; amount: string }) {
  return layout({
    title: "3D Secure test page",
    body: html`<main class="panel narrow">
      <h2>Your bank asks: is this you?</h2>
      <p>This stands for the page on which a bank has a payment of <strong>${input.amount}</strong> confirmed.</p>
      <form method="post" action="${input.action}">
        <button class="pay" type="submit" name="answer" value="complete">Complete</button>
        <button type="submit" name="answer" value="fail">Fail</button>
      </form>
    </main>`,
  });
}
