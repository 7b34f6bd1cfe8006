import type { Readable } from "node:stream";
import { TemporaryError } from "@/lib/errors";

/** The bytes of a download, and how many of them have been taken. A download that breaks off is a TemporaryError. */
export function counted(stream: Readable, bytesTotal: number): { chunks: AsyncGenerator<Buffer>; read: () => number } {
  let read = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        read += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw new TemporaryError({ vendor: "s3", message: `The download broke off after ${read} bytes.`, cause: error });
    }
    if (read !== bytesTotal)
      throw new TemporaryError({ vendor: "s3", message: `The download ended after ${read} of ${bytesTotal} bytes.` });
  }
  return { chunks: chunks(), read: () => read };
}
