import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { Refusal } from "../engine/refusal";

const unzip = promisify(gunzip);

/** The body as text, unzipped if it was zipped. Reads no more than it may, however the length was declared. */
export async function readBounded(c: Context, bytesMax: number): Promise<string> {
  const tooLarge = () => {
    // What is left of the body is not read, so nothing can follow it.
    c.header("connection", "close");
    return new Refusal(413, `Request body is too large: at most ${bytesMax} bytes are taken.`);
  };
  const parts: Uint8Array[] = [];
  let size = 0;
  // The connection itself: there are thousands of exports a second, and a web stream around it costs as much as all else.
  const { incoming } = c.env as HttpBindings;
  for await (const part of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.byteLength;
    if (size > bytesMax) throw tooLarge();
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  const encoding = c.req.header("content-encoding") ?? "identity";
  if (encoding === "identity") return body.toString();
  if (encoding !== "gzip")
    throw new Refusal(415, `Content-Encoding "${encoding}" is not understood: use gzip or none.`);
  try {
    return (await unzip(body, { maxOutputLength: bytesMax })).toString();
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new Refusal(400, "The body is not gzip");
  }
}
