import { get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps } from "node:https";
import { isIPv6, type LookupFunction } from "node:net";
import { TemporaryError } from "@/lib/errors";
import { findFailure, isFinal, retryAfterMs } from "@/lib/vendor-failures";
import { checkUrl } from "./check-url";
import { DownloadRefusedError } from "./errors";
import { type ResolveOptions, resolveHost } from "./resolve-host";

export type DownloadOptions = ResolveOptions & {
  /** The largest file that is taken. */
  bytesMax: number;
  /** Also take an address that begins with http://, and be led to one. */
  allowHttp?: boolean;
  /** For all of it, from the first connection to the last byte. */
  totalMsMax?: number;
  /** How long nothing may come. */
  silentMsMax?: number;
  /** The authorities that certificates are checked against, instead of those that the machine trusts. For tests. */
  ca?: string;
};

/** A file being fetched. Read `bytes` to the end or `close` it: it holds a connection. */
export type Download = {
  /** As the server says; undefined where it does not. */
  sizeBytes: number | undefined;
  /** The file as it is sent, so compressed where the server compresses it with gzip. */
  bytes: AsyncGenerator<Buffer>;
  close: () => void;
};

const redirectsMax = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const headers = { accept: "*/*", "accept-encoding": "identity", "user-agent": "shopfloor-import" };

/**
 * Fetches a file from an address that somebody gave, and never from anywhere else than the public internet: at each
 * step, redirects too, the host is looked up once, all its addresses are checked, and the connection goes to one of
 * those. Size and time are bounded, and a file that ends before its announced size is an error of `bytes`.
 *
 * @throws AddressRefusedError before any connection to an address that is not allowed.
 * Both of these come also later, from `bytes`:
 * @throws DownloadRefusedError where the server has no such file, or gives a web page or more than `bytesMax`.
 * @throws TemporaryError when the server cannot be reached, is busy or breaks off.
 */
export async function openDownload(address: string, options: DownloadOptions): Promise<Download> {
  const { totalMsMax = 3_600_000 } = options;
  const over = AbortSignal.timeout(totalMsMax);
  let url = checkUrl(address, options);
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const answer = await request(url, over, options);
    if (!redirectStatuses.has(answer.statusCode ?? 0)) return take(url, answer, over, options);
    answer.destroy();
    url = nextUrl(url, answer, options);
  }
  throw new DownloadRefusedError(`The address leads on more than ${redirectsMax} times.`);
}

function nextUrl(url: URL, answer: IncomingMessage, options: DownloadOptions): URL {
  // Node reads headers as Latin-1; browsers take this one for UTF-8.
  const location = Buffer.from(answer.headers.location ?? "", "latin1").toString("utf8");
  if (location === "" || !URL.canParse(location, url))
    throw new DownloadRefusedError(`${url.host} leads on without saying where to.`);
  return checkUrl(new URL(location, url).href, options);
}

async function request(url: URL, over: AbortSignal, options: DownloadOptions): Promise<IncomingMessage> {
  const { silentMsMax = 30_000, ca } = options;
  const addresses = await resolveHost(url.hostname, options);
  const get = url.protocol === "https:" ? getHttps : getHttp;
  try {
    return await new Promise<IncomingMessage>((resolve, reject) => {
      // A connection of its own: one that is kept might have been made to somewhere else.
      const call = get(
        url,
        { agent: false, lookup: only(addresses), headers, signal: over, timeout: silentMsMax, ca },
        resolve,
      );
      call.on("timeout", () => call.destroy(new Error(`Nothing came for ${silentMsMax / 1_000} s.`)));
      call.on("error", reject);
    });
  } catch (error) {
    throw brokenOff(url, "could not be reached", error);
  }
}

/** Answers what was found before, whatever the name would lead to now. */
function only(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, { all }, done) => {
    const [first] = found;
    if (all || !first) done(null, found);
    else done(null, first.address, first.family);
  };
}

function take(url: URL, answer: IncomingMessage, over: AbortSignal, options: DownloadOptions): Download {
  try {
    checkAnswer(url, answer);
    const announced = answer.headers["content-length"];
    const sizeBytes = announced === undefined ? undefined : Number(announced);
    if (sizeBytes !== undefined && sizeBytes > options.bytesMax) throw tooLarge(options.bytesMax);
    const bytes = read(url, answer, over, options);
    return { sizeBytes, bytes, close: () => void answer.destroy() };
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

function checkAnswer(url: URL, answer: IncomingMessage): void {
  const { statusCode: status, headers } = answer;
  if (status !== 200) throw refusedWith(url, answer);
  const encoding = headers["content-encoding"] ?? "identity";
  if (!["identity", "gzip", "x-gzip"].includes(encoding))
    throw new DownloadRefusedError(`${url.host} sends the file compressed in a way that is not read (${encoding}).`);
  if (/^text\/html\b/i.test(headers["content-type"] ?? ""))
    throw new DownloadRefusedError("Under this address is a web page. Use the address of the file itself.");
}

function refusedWith(url: URL, answer: IncomingMessage): Error {
  const { statusCode: status = 0, headers } = answer;
  if (status < 400)
    return new DownloadRefusedError(`${url.host} does not give the whole file (it answered ${status}).`);
  const { reaction, kind } = findFailure("download", { status });
  if (kind === "missing")
    return new DownloadRefusedError(`${url.host} has no such file (it answered ${status}). Check the address.`);
  if (isFinal(reaction))
    return new DownloadRefusedError(`${url.host} does not give the file away (it answered ${status}).`);
  return new TemporaryError({
    vendor: "download",
    message: `${url.host} answered ${status}.`,
    pace: reaction,
    retryAfterMs: retryAfterMs(headers["retry-after"]),
  });
}

async function* read(
  url: URL,
  answer: IncomingMessage,
  over: AbortSignal,
  { bytesMax, silentMsMax = 30_000 }: DownloadOptions,
): AsyncGenerator<Buffer> {
  let count = 0;
  const silence = () => answer.destroy(new Error(`nothing came for ${silentMsMax / 1_000} s`));
  const stop = () => answer.destroy(new Error("it took too long in all"));
  answer.setTimeout(silentMsMax, silence);
  over.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      count += chunk.length;
      if (count > bytesMax) throw tooLarge(bytesMax);
      yield chunk;
    }
    if (!answer.complete) throw new Error("the connection was closed");
  } catch (error) {
    if (error instanceof DownloadRefusedError) throw error;
    throw brokenOff(url, `broke off after ${count} bytes`, error);
  } finally {
    over.removeEventListener("abort", stop);
    answer.destroy();
  }
}

function brokenOff(url: URL, what: string, error: unknown): TemporaryError {
  const why = error instanceof Error ? error.message : String(error);
  const { reaction } = findFailure("download", { status: undefined });
  const pace = isFinal(reaction) ? undefined : reaction;
  return new TemporaryError({ vendor: "download", message: `${url.host} ${what}: ${why}`, pace, cause: error });
}

function tooLarge(bytesMax: number): DownloadRefusedError {
  const megabytes = Math.floor(bytesMax / 1_000_000).toLocaleString("en-IE");
  return new DownloadRefusedError(`The file is larger than ${megabytes} MB. Split it.`);
}
