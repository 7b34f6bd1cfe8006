import type { Faults } from "../faults";
import { headerValue, type S3Request } from "../request";
import type { Store } from "../store";

/**
 * What only the local S3 has, for tests: `POST /_local/reset` empties every bucket and forgets the faults met.
 * Undefined for any other request. (`_local` is no bucket: names have no underscore.)
 */
export function control(request: S3Request, store: Store, faults: Faults): Response | undefined {
  if (request.rawPath !== "/_local/reset" || request.method !== "POST") return undefined;
  const site = headerValue(request, "sec-fetch-site");
  if (site !== undefined && site !== "none" && site !== "same-origin")
    return new Response("Not for other sites.", { status: 403 });
  store.clear();
  faults.clear();
  return new Response(null, { status: 204 });
}
