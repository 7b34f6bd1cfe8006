import { type DownloadOptions, openDownload } from "@/lib/download/open-download";
import type { ResolveOptions } from "@/lib/download/resolve-host";
import { ObjectNotFoundError } from "@/lib/storage/errors";
import { headObject } from "@/lib/storage/head-object";
import { putStream } from "@/lib/storage/put-stream";
import { fileBytesMax } from "./schema";

/** How far a file has been fetched. `bytesTotal` is 0 where its server does not say how large it is. */
export type FetchProgress = { bytesDone: number; bytesTotal: number };

/**
 * Brings the file under `url` into the file store: all of it or nothing, and only once, so that an import reads the same
 * file to its end whatever becomes of the address. `onProgress` is awaited for each piece, and ends the work by throwing.
 *
 * @throws AddressRefusedError, DownloadRefusedError for what is not fetched.
 * @throws TemporaryError when the server or the file store fails.
 */
export async function fetchSource({
  url,
  key,
  network,
  onProgress,
}: {
  url: string;
  key: string;
  network: ResolveOptions | undefined;
  onProgress: (at: FetchProgress) => Promise<void>;
}): Promise<void> {
  if (await isStored(key)) return;
  // Who gave an address that begins with http:// was asked whether that is meant.
  const options: DownloadOptions = { ...network, bytesMax: fileBytesMax, allowHttp: url.startsWith("http://") };
  const download = await openDownload(url, options);
  try {
    await putStream({ key, bytes: told(download, onProgress), contentType: "application/octet-stream" });
  } finally {
    download.close();
  }
}

async function isStored(key: string): Promise<boolean> {
  try {
    await headObject(key);
    return true;
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return false;
    throw error;
  }
}

async function* told(
  { bytes, sizeBytes = 0 }: { bytes: AsyncIterable<Buffer>; sizeBytes?: number },
  onProgress: (at: FetchProgress) => Promise<void>,
): AsyncGenerator<Buffer> {
  let bytesDone = 0;
  for await (const piece of bytes) {
    bytesDone += piece.length;
    await onProgress({ bytesDone, bytesTotal: sizeBytes });
    yield piece;
  }
}
