import type { S3Error } from "./errors";

/** What may stand in an XML answer. An array becomes the same element several times; undefined leaves it out. */
export type Xml = string | number | boolean | undefined | Xml[] | { [name: string]: Xml };

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** An answer document of S3, e.g. `<ListBucketResult xmlns="…">`. */
export function xmlResponse(root: string, content: Xml, headers: Record<string, string> = {}): Response {
  const body = `${declaration}<${root} xmlns="${namespace}">${inner(content)}</${root}>`;
  return new Response(body, { status: 200, headers: { ...headers, "content-type": "application/xml" } });
}

/** An error document of S3. `withBody` is false for HEAD, which answers with the status alone. */
export function errorResponse(error: S3Error, about: { resource: string; requestId: string }, withBody: boolean) {
  const content = {
    Code: error.code,
    Message: error.message,
    ...error.details,
    Resource: about.resource,
    RequestId: about.requestId,
    HostId: "local",
  };
  if (!withBody || error.status === 304) return new Response(null, { status: error.status });
  return new Response(`${declaration}<Error>${inner(content)}</Error>`, {
    status: error.status,
    headers: { "content-type": "application/xml" },
  });
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

function inner(content: Xml): string {
  if (content === undefined) return "";
  if (typeof content !== "object") return escapeXml(String(content));
  if (Array.isArray(content)) return content.map(inner).join("");
  return Object.entries(content).map(element).join("");
}

function element([name, content]: [string, Xml]): string {
  if (content === undefined) return "";
  if (Array.isArray(content)) return content.map((item) => element([name, item])).join("");
  return `<${name}>${inner(content)}</${name}>`;
}

/** Escapes text, control characters included. */
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: S3 writes control characters of a key as references
  return text.replace(/[&<>"'\u0000-\u001f\u007f]/g, (char) => `&#${char.charCodeAt(0)};`);
}
