import type { PresignedUpload } from "@/lib/storage/presign-upload";

/**
 * Puts a file where the server has allowed it to, telling how much of it has gone (0 to 1). By XMLHttpRequest, since
 * fetch does not tell.
 *
 * @throws Error with a sentence for people when the file did not arrive.
 */
export function uploadFile(upload: PresignedUpload, file: File, onProgress: (part: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(upload.method, upload.url);
    for (const [name, value] of Object.entries(upload.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new Error(`The file store did not take the file (${request.status}). Try again.`));
    };
    request.onerror = () => reject(new Error("The file could not be uploaded. Look at your connection and try again."));
    request.send(file);
  });
}
