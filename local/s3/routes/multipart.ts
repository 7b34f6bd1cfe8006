import { rm } from "node:fs/promises";
import { checksumAlgorithms, checksumHeaders } from "../checksums";
import { checkWriteConditions } from "../conditions";
import { type Context, getBucket, keyOf } from "../context";
import { S3Error } from "../errors";
import { joinParts } from "../join-parts";
import { readObjectHeaders } from "../object-headers";
import { receiveFile, receiveText } from "../receive-body";
import { amzValue, queryValue } from "../request";
import { openUploads, type Part } from "../uploads";
import { xmlResponse } from "../wire";
import { childText, readXml } from "../xml-reader";
import { checkKey } from "./objects";

const partNumberMax = 10_000;
const partMinBytes = 5 * 1024 * 1024;
const pageMax = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export function createUpload(context: Context): Response {
  const { request, store, now } = context;
  const bucket = getBucket(context);
  const key = keyOf(context);
  checkKey(key);
  const name = amzValue(request, "x-amz-checksum-algorithm");
  const checksumAlgorithm = checksumAlgorithms.find((known) => known === name);
  if (name !== undefined && !checksumAlgorithm) {
    throw new S3Error("NotImplemented", `The local S3 does not compute ${name}.`, {
      Header: "x-amz-checksum-algorithm",
    });
  }
  const upload = openUploads(store).create({
    bucket: bucket.name,
    key,
    ...readObjectHeaders(request),
    initiatedAt: now.toISOString(),
    ...(checksumAlgorithm && { checksumAlgorithm }),
  });
  return xmlResponse("InitiateMultipartUploadResult", { Bucket: bucket.name, Key: key, UploadId: upload.id });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(context: Context): Promise<Response> {
  const { request, store, now } = context;
  const uploads = openUploads(store);
  const upload = uploads.get(uploadId(context), getBucket(context), keyOf(context));
  const number = Number(queryValue(request, "partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > partNumberMax) {
    throw new S3Error("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
  }
  const file = store.temporaryFile();
  const { size, md5, checksum } = await receiveFile(request, context.verified, file);
  uploads.putPart(
    upload,
    { number, size, etag: md5, lastModified: now.toISOString(), ...(checksum && { checksum }) },
    file,
  );
  return new Response(null, { status: 200, headers: { etag: `"${md5}"`, ...checksumHeaders(checksum) } });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export function listParts(context: Context): Response {
  const { request, store } = context;
  const uploads = openUploads(store);
  const upload = uploads.get(uploadId(context), getBucket(context), keyOf(context));
  const after = Number(queryValue(request, "part-number-marker") ?? 0);
  const maxParts = Math.min(Number(queryValue(request, "max-parts") ?? pageMax), pageMax);
  if (!Number.isInteger(after) || !Number.isInteger(maxParts) || maxParts < 1) throw new S3Error("InvalidArgument");
  const rest = uploads.parts(upload).filter(({ number }) => number > after);
  const page = rest.slice(0, maxParts);
  return xmlResponse("ListPartsResult", {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    StorageClass: "STANDARD",
    PartNumberMarker: after,
    NextPartNumberMarker: page.at(-1)?.number,
    MaxParts: maxParts,
    IsTruncated: rest.length > page.length,
    ChecksumAlgorithm: upload.checksumAlgorithm,
    Part: page.map((part) => ({
      PartNumber: part.number,
      LastModified: part.lastModified,
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...(part.checksum && { [`Checksum${part.checksum.algorithm}`]: part.checksum.value }),
    })),
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export async function completeUpload(context: Context): Promise<Response> {
  const { request, store, now } = context;
  const uploads = openUploads(store);
  const bucket = getBucket(context);
  const upload = uploads.get(uploadId(context), bucket, keyOf(context));
  const chosen = choose(uploads.parts(upload), await receiveText(request, context.verified));
  checkWriteConditions(request, bucket.objects.get(upload.key));

  const file = store.temporaryFile();
  const paths = chosen.map((part) => uploads.partPath(upload, part));
  try {
    const joined = await joinParts(paths, chosen, file, upload.checksumAlgorithm);
    // Asked again: it may have been completed, aborted or overtaken while the parts were being joined.
    uploads.get(upload.id, bucket, upload.key);
    checkWriteConditions(request, bucket.objects.get(upload.key));
    const { headers, metadata, key } = upload;
    const object = store.putObject(
      bucket,
      { key, headers, metadata, ...joined, lastModified: now.toISOString() },
      file,
    );
    uploads.remove(upload);
    return xmlResponse("CompleteMultipartUploadResult", {
      Bucket: bucket.name,
      Key: object.key,
      ETag: `"${object.etag}"`,
      ...(object.checksum && {
        [`Checksum${object.checksum.algorithm}`]: object.checksum.value,
        ChecksumType: object.checksum.type,
      }),
    });
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

export function abortUpload(context: Context): Response {
  const uploads = openUploads(context.store);
  uploads.remove(uploads.get(uploadId(context), getBucket(context), keyOf(context)));
  return new Response(null, { status: 204 });
}

/** The parts the client lists, in its order, or the error S3 documents for a list that does not fit. */
function choose(parts: Part[], body: string): Part[] {
  const root = readXml(body);
  if (root.name !== "CompleteMultipartUpload" || root.children.length === 0) throw new S3Error("MalformedXML");
  const chosen = root.children.map((listed) => {
    const part = parts.find(({ number }) => number === Number(childText(listed, "PartNumber")));
    const etag = childText(listed, "ETag")?.replaceAll('"', "");
    const checksum = part?.checksum && childText(listed, `Checksum${part.checksum.algorithm}`);
    if (!part || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum?.value)) {
      throw new S3Error("InvalidPart");
    }
    return part;
  });
  if (chosen.some((part, index) => part.number <= (chosen[index - 1]?.number ?? 0)))
    throw new S3Error("InvalidPartOrder");
  const small = chosen.slice(0, -1).find(({ size }) => size < partMinBytes);
  if (small) {
    throw new S3Error("EntityTooSmall", undefined, {
      PartNumber: String(small.number),
      MinSizeAllowed: String(partMinBytes),
    });
  }
  return chosen;
}

function uploadId({ request }: Context): string {
  return queryValue(request, "uploadId") ?? "";
}
