import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { DownloadOptions } from "@/lib/download/open-download";
import { isPublicAddress } from "@/lib/download/public-address";

/** A server on this machine that goes by the name `files.test`, and the options with which it may be reached. */
export async function serve(answer: RequestListener) {
  const counted = { requests: 0 };
  const server = createServer((request, response) => {
    counted.requests += 1;
    answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;

  const options = ({ resolve, ...changes }: Partial<DownloadOptions> = {}): DownloadOptions => ({
    bytesMax: 1_000_000,
    allowHttp: true,
    resolve: async (host) => (host === "files.test" ? ["127.0.0.1"] : ((await resolve?.(host)) ?? [])),
    isAllowed: (address, host) => isPublicAddress(address) || (host === "files.test" && address === "127.0.0.1"),
    ...changes,
  });
  return {
    url: `http://files.test:${port}`,
    port,
    options,
    get requests() {
      return counted.requests;
    },
  };
}
