import { type Context, getBucket } from "../context";
import { S3Error } from "../errors";
import { receiveText } from "../receive-body";
import { xmlResponse } from "../wire";
import { childText, readXml } from "../xml-reader";

export function listBuckets({ store }: Context): Response {
  return xmlResponse("ListAllMyBucketsResult", {
    Owner: { ID: "local" },
    Buckets: { Bucket: store.buckets().map(({ name, createdAt }) => ({ Name: name, CreationDate: createdAt })) },
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export async function createBucket(context: Context): Promise<Response> {
  const { request, store, now } = context;
  const name = request.bucket ?? "";
  checkBucketName(name);
  const body = await receiveText(request, context.verified);
  if (body !== "") {
    const region = childText(readXml(body), "LocationConstraint");
    if (region !== undefined && !context.verified.scope.includes(`/${region}/`)) {
      throw new S3Error("InvalidArgument", `The local S3 is one region; '${region}' is another.`);
    }
  }
  if (store.bucket(name)) throw new S3Error("BucketAlreadyOwnedByYou", undefined, { BucketName: name });
  store.createBucket(name, now);
  return new Response(null, { status: 200, headers: { location: `/${name}` } });
}

export function headBucket(context: Context): Response {
  getBucket(context);
  return new Response(null, {
    status: 200,
    headers: { "x-amz-bucket-region": context.verified.scope.split("/")[1] ?? "" },
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function checkBucketName(name: string) {
  const plain = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
  if (!plain || name.includes("..") || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    throw new S3Error("InvalidBucketName", undefined, { BucketName: name });
  }
}
