/**
 * A file as it is read, to be shown in the browser of whoever may see it, or kept there as a file (`disposition`), and
 * never kept by anything in between.
 */
export function privateFile(file: {
  stream: ReadableStream<Uint8Array>;
  /** Left out where it is not known before the end. */
  sizeBytes?: number;
  contentType: string;
  fileName: string;
  disposition?: "inline" | "attachment";
}): Response {
  return new Response(file.stream, {
    headers: {
      "content-type": file.contentType,
      ...(file.sizeBytes !== undefined && { "content-length": String(file.sizeBytes) }),
      "content-disposition": `${file.disposition ?? "inline"}; filename="${file.fileName}"`,
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
    },
  });
}
