import { html, raw } from "hono/html";

type Html = ReturnType<typeof html>;

/** Amounts in the smallest unit of their currency, written as people write them: €19.99, ¥500. */
export function formatAmount(amount: number, currency: string): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** A page of the local Stripe: plain HTML that needs neither JavaScript nor anything from elsewhere. */
export function layout(input: { title: string; body: Html }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <title>${input.title}</title>
        <style>
          ${raw(styles)}
        </style>
      </head>
      <body>
        <header class="banner"><strong>Local test page.</strong> No real card, no real money: this Stripe runs on your machine.</header>
        ${input.body}
      </body>
    </html>`;
}

const styles = `
:root { --ink: #1d2433; --soft: #5b6475; --line: #dfe3ea; --ground: #f5f6f8; --card: #fff; --accent: #2f5bd8; --bad: #b3261e; --good: #1b7a44; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--ground); }
a { color: var(--accent); }
.banner { margin: 0; padding: .5rem 1rem; background: #fff4d6; color: #5c4400; text-align: center; font-size: .875rem; }
.checkout { display: grid; gap: 2rem; max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
@media (min-width: 52rem) { .checkout { grid-template-columns: 5fr 6fr; align-items: start; gap: 3.5rem; padding-top: 3.5rem; } }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem; }
h1 { font-size: 1rem; font-weight: 500; color: var(--soft); margin: 0; }
h2 { font-size: 1.0625rem; margin: 0 0 .75rem; }
.total { font-size: 2.25rem; font-weight: 650; letter-spacing: -.02em; margin: 0 0 1.5rem; font-variant-numeric: tabular-nums; }
.lines { list-style: none; margin: 0; padding: 0; }
.lines li, .sums div { display: flex; justify-content: space-between; gap: 1rem; padding: .625rem 0; }
.lines li + li, .sums div + div { border-top: 1px solid var(--line); }
.lines small { display: block; color: var(--soft); }
.sums { margin: .5rem 0 0; border-top: 1px solid var(--line); }
.sums dt, .sums dd { margin: 0; }
.sums .due { font-weight: 650; }
.lines span:last-child, .sums dd { font-variant-numeric: tabular-nums; white-space: nowrap; }
.back { display: inline-block; margin-bottom: 1.25rem; text-decoration: none; }
form { display: grid; gap: 1rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
label { display: block; font-size: .875rem; font-weight: 550; margin-bottom: .25rem; }
input, select { width: 100%; font: inherit; color: inherit; padding: .625rem .75rem; border: 1px solid #c6ccd8; border-radius: 8px; background: #fff; }
input[type=radio] { width: auto; }
input:focus-visible, select:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid #a9bdf5; outline-offset: 1px; }
[aria-invalid=true] { border-color: var(--bad); }
.error { color: var(--bad); font-size: .875rem; margin: .25rem 0 0; }
.alert { background: #fdecea; color: var(--bad); border-radius: 8px; padding: .75rem 1rem; margin: 0 0 1rem; }
button { font: inherit; cursor: pointer; border-radius: 8px; border: 1px solid var(--line); background: #fff; padding: .5rem .75rem; color: inherit; }
.pay { background: var(--accent); border-color: var(--accent); color: #fff; font-weight: 600; padding: .8125rem; }
.pay:hover { background: #274dba; }
.test-cards { margin-top: 1rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.test-cards p { margin: 0 0 .75rem; font-size: .875rem; }
.cards { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); }
.cards button { text-align: left; }
.cards code { display: block; color: var(--soft); font-size: .8125rem; }
fieldset { border: 1px solid var(--line); border-radius: 8px; margin: 0; padding: .5rem 1rem; }
fieldset label { display: flex; gap: .5rem; font-weight: 400; }
fieldset label span:last-child { margin-left: auto; }
.board { max-width: 82rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
th, td { text-align: left; padding: .4375rem .75rem .4375rem 0; vertical-align: middle; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 550; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .bad { color: var(--bad); } .soft { color: var(--soft); }
.narrow { max-width: 30rem; margin: 4rem auto; }
`;
