import { S3Error } from "./errors";
import type { S3Request } from "./request";
import type { Verified } from "./signature";
import type { Bucket, Store, StoredObject } from "./store";

/** What an operation gets: a request whose signature held, and the state it works on. */
export type Context = { request: S3Request; verified: Verified; store: Store; now: Date };

export function getBucket({ request, store }: Context): Bucket {
  const bucket = request.bucket === undefined ? undefined : store.bucket(request.bucket);
  if (!bucket) throw new S3Error("NoSuchBucket", undefined, { BucketName: request.bucket ?? "" });
  return bucket;
}

export function getObject(bucket: Bucket, key: string): StoredObject {
  const object = bucket.objects.get(key);
  if (!object) throw new S3Error("NoSuchKey", undefined, { Key: key });
  return object;
}

/** The key of a request on an object. */
export function keyOf({ request }: Context): string {
  return request.key ?? "";
}
