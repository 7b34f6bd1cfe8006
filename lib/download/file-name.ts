/** What the file under an address is called: the last part of its path, or its host. */
export function fileNameOf(url: URL): string {
  const last = url.pathname.split("/").at(-1) ?? "";
  let name: string;
  try {
    name = decodeURIComponent(last);
  } catch {
    name = last;
  }
  return name.replace(/\p{C}/gu, "").trim().slice(0, 255) || url.hostname;
}
