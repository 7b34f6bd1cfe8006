const isLogLine = (text: string) => text.startsWith('{"time":');

/** Keeps the store's log, a line for each business event, off the terminal; what is logged as an error is kept. */
export function muteLog(): { errors(): string[]; restore(): void } {
  const errors: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream, write } of streams) {
    stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
      if (typeof chunk !== "string" || !isLogLine(chunk)) return write.call(stream, chunk, ...rest);
      if (chunk.includes('"level":"error"')) errors.push(chunk.trim());
      return true;
    }) as typeof stream.write;
  }
  return {
    errors: () => errors,
    restore: () => {
      for (const { stream, write } of streams) stream.write = write;
    },
  };
}
