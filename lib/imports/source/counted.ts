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
      throw brokenOff(`The download broke off after ${read} bytes.`, error);
    }
    if (read !== bytesTotal) throw brokenOff(`The download ended after ${read} of ${bytesTotal} bytes.`);
  }
  return { chunks: chunks(), read: () => read };
}

function brokenOff(message: string, cause?: unknown): TemporaryError {
  return new TemporaryError({ vendor: "s3", message, pace: "at-once", cause });
}
