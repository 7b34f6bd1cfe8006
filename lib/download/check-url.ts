import { AddressRefusedError } from "./errors";

/** Longer than any address that a browser takes. */
const urlLengthMax = 2048;

/**
 * The address that somebody gave for a file, read as browsers read it: numbers in other notations become the IP
 * addresses they stand for.
 *
 * @throws AddressRefusedError for what is no address of a file on the web.
 */
export function checkUrl(text: string, { allowHttp = false }: { allowHttp?: boolean } = {}): URL {
  if (text.length > urlLengthMax)
    throw new AddressRefusedError(`The address is longer than ${urlLengthMax} characters.`);
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw new AddressRefusedError("This is not a whole address. It begins with https://.", error);
  }
  if (url.protocol === "http:" && !allowHttp)
    throw new AddressRefusedError(
      "The address begins with http://, so anybody on the way could change the file. Use https://, or allow it.",
    );
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new AddressRefusedError("Files are fetched from addresses that begin with https:// only.");
  if (url.username !== "" || url.password !== "")
    throw new AddressRefusedError("The address contains a user name or password. Use one that needs neither.");
  return url;
}
