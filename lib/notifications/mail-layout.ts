import { type Html, html } from "./html";

/** The brand's colours; mail readers know no variables and no style sheets, so they are written into every element. */
export const ink = "#1c1b18";
export const muted = "#6b665a";
export const paper = "#f6f3ec";
export const rule = "#ddd7c9";
export const signal = "#d9480f";

const sans = "-apple-system,'Segoe UI',Inter,Helvetica,Arial,sans-serif";
export const mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";

/** A whole mail: the store's name, a heading, the content, and why the reader gets it. Tables, because of Outlook. */
export function mailLayout(mail: { storeName: string; heading: string; body: Html; reason: string }): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${mail.heading}</title>
</head>
<body style="margin:0;padding:0;background:${paper};color:${ink};font-family:${sans};font-size:16px;line-height:1.5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:${paper}">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border:1px solid ${rule};border-top:4px solid ${signal}">
<tr><td style="padding:24px 32px 0;font-size:14px;font-weight:700;letter-spacing:0.08em;text-transform:uppercase">${mail.storeName}</td></tr>
<tr><td style="padding:16px 32px 32px">
<h1 style="margin:0 0 16px;font-size:24px;line-height:1.25;font-weight:700">${mail.heading}</h1>
${mail.body}
</td></tr>
</table>
<p style="max-width:600px;margin:16px auto 0;font-size:13px;color:${muted}">${mail.reason}</p>
</td></tr>
</table>
</body>
</html>
`;
  return page.source;
}

export function paragraph(text: string): Html {
  return html`<p style="margin:0 0 16px">${text}</p>`;
}

/** A link that looks like a button, with its address in full below for readers that show no links. */
export function button(label: string, url: string): Html {
  return html`<table role="presentation" cellpadding="0" cellspacing="0" style="margin:24px 0 8px"><tr>
<td style="background:${ink}"><a href="${url}" style="display:inline-block;padding:12px 24px;color:#ffffff;font-weight:600;text-decoration:none">${label}</a></td>
</tr></table>
<p style="margin:0;font-size:13px;color:${muted};word-break:break-all">${url}</p>`;
}
