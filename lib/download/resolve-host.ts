import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { TemporaryError } from "@/lib/errors";
import { AddressRefusedError } from "./errors";
import { isPublicAddress } from "./public-address";

/** All addresses of a host, as the machine resolves it. */
export type Resolve = (host: string) => Promise<string[]>;

const resolveBySystem: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** Parameters so that tests, and only tests, can let themselves be reached. */
export type ResolveOptions = { resolve?: Resolve; isAllowed?: (address: string, host: string) => boolean };

/**
 * The addresses to connect to for this host: asked for once, so that nobody answers differently when the connection is
 * made. Each of them has to be public: a host that is also somewhere inside is refused as a whole.
 *
 * @throws AddressRefusedError for a host that is not on the public internet, or is not known.
 * @throws TemporaryError when its name cannot be looked up now.
 */
export async function resolveHost(
  host: string,
  { resolve = resolveBySystem, isAllowed = isPublicAddress }: ResolveOptions = {},
): Promise<string[]> {
  const bare = host.replace(/^\[|\]$/g, "");
  const addresses = isIP(bare) ? [bare] : await addressesOf(bare, resolve);
  if (addresses.length === 0 || !addresses.every((address) => isAllowed(address, bare)))
    throw new AddressRefusedError(`${host} is not a host on the public internet, so nothing is fetched from it.`);
  return addresses;
}

async function addressesOf(host: string, resolve: Resolve): Promise<string[]> {
  try {
    return await resolve(host);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOTFOUND" || code === "ENODATA")
      throw new AddressRefusedError(`There is no host ${host}. Check the address.`, error);
    throw new TemporaryError({
      vendor: "download",
      message: `${host} could not be looked up (${code}).`,
      cause: error,
    });
  }
}
