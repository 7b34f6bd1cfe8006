/** A file as it is read, to be shown in the browser of whoever may see it, and never kept by anything in between. */
export function privateFile(file: {
  stream: ReadableStream<Uint8Array>;
  sizeBytes: number;
  contentType: string;
  fileName: string;
}): Response {
  return new Response(file.stream, {
    headers: {
      "content-type": file.contentType,
      "content-length": String(file.sizeBytes),
      "content-disposition": `inline; filename="${file.fileName}"`,
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
    },
  });
}
