import { html } from "hono/html";
import { toPlainJson } from "../engine/packets";
import { shownMax } from "../engine/run-view";
import type { Html } from "./layout";
import { shown } from "./parts";

export type ShownData = {
  /** Where to get all of it. */
  href: string | undefined;
  title: string;
  data: string | null;
  bytes: number;
  type: string;
};
export type PacketHead = { head: Buffer; bytes: number; content_type: string } | null;

/** Payload, output or metadata: readable when it is small, its beginning when it is not, always to be had as a file. */
export function dataView({ href, title, data, bytes, type }: ShownData, packet: PacketHead): Html | "" {
  if (data === null) return "";
  const heading = (note: Html | string) => html`<h2>${title} <small class="hint">${note}</small></h2>`;
  const download = href ? html`<a href="${href}">Download</a>` : "";
  if (type === "application/store") {
    if (!packet) return html`${heading("stored as a file")}<p class="faint">Its file is not there any more.</p>`;
    const text = textOf(packet.head);
    const isWhole = packet.bytes <= packet.head.length;
    const note = html`${size(packet.bytes)}, stored as a file ${download}`;
    if (text === undefined)
      return html`${heading(note)}<p class="faint">This is not text (${packet.content_type}).</p>`;
    return html`${heading(note)}<pre tabindex="0">${shown(isWhole ? pretty(text, packet.content_type) : text)}</pre>${isWhole ? "" : cutNote(download)}`;
  }
  const isWhole = bytes <= Buffer.byteLength(data);
  return html`${heading(html`${size(bytes)}${type === "application/json" ? "" : `, ${type}`} · ${download}`)}
<pre tabindex="0">${shown(isWhole ? pretty(data, type) : data)}</pre>${isWhole ? "" : cutNote(download)}`;
}

const cutNote = (download: Html | "") =>
  html`<p class="hint">Only the beginning is shown. ${download} has all of it.</p>`;

/** Text, or nothing when the bytes are something else. A character may be cut in two at the end. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  const text = bytes.toString("utf8");
  return text.slice(0, -1).includes("\uFFFD") ? undefined : text;
}

function pretty(data: string, type: string): string {
  const value = toPlainJson(data, type);
  const text = typeof value === "string" && type.startsWith("text/") ? value : (JSON.stringify(value, null, 2) ?? data);
  const shown = typeof value === "string" && value === data ? data : text;
  return shown.length > shownMax * 2 ? `${shown.slice(0, shownMax * 2)}…` : shown;
}

export function size(bytes: number): string {
  if (bytes < 1_024) return `${bytes} bytes`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
