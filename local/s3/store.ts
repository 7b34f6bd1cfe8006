import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Checksum } from "./checksums";
import { sha256Hex } from "./signature";

export type StoredObject = {
  key: string;
  size: number;
  /** Without quotes. */
  etag: string;
  /** ISO 8601. */
  lastModified: string;
  /** Content-Type and the other representation headers, by lower-case name. */
  headers: Record<string, string>;
  /** User metadata, without the `x-amz-meta-` prefix. */
  metadata: Record<string, string>;
  checksum?: Checksum;
  /** The name of the file with the bytes, beside this description. */
  dataFile: string;
};

export type Bucket = { name: string; createdAt: string; objects: Map<string, StoredObject> };

/**
 * Buckets and objects as files. An object is two files beside each other: its bytes under a fresh name, and
 * its description, which names them and is swapped in by rename. So after `kill -9` an object is the old one
 * or the new one, whole; bytes no description names are swept when the store is opened. One process at a time.
 */
export type Store = {
  buckets(): Bucket[];
  bucket(name: string): Bucket | undefined;
  createBucket(name: string, now: Date): void;
  /** A path for bytes that are still arriving; not visible until they are put. */
  temporaryFile(): string;
  /** Makes the bytes of `file` the object, replacing any of that key. Synchronous, so a check before it holds. */
  putObject(bucket: Bucket, object: Omit<StoredObject, "dataFile">, file: string): StoredObject;
  deleteObject(bucket: Bucket, key: string): void;
  dataPath(bucket: Bucket, object: StoredObject): string;
  /** The folder of multipart uploads under way. */
  uploadsDir: string;
  clear(): void;
};

export function openStore(stateDir: string): Store {
  const bucketsDir = join(stateDir, "buckets");
  const temporaryDir = join(stateDir, "incoming");
  const uploadsDir = join(stateDir, "uploads");
  rmSync(temporaryDir, { recursive: true, force: true });
  for (const dir of [bucketsDir, temporaryDir, uploadsDir]) mkdirSync(dir, { recursive: true });
  const buckets = new Map(readdirSync(bucketsDir).map((name) => [name, loadBucket(join(bucketsDir, name), name)]));

  const dirOf = (bucket: Bucket) => join(bucketsDir, bucket.name);
  const writeJson = (path: string, value: unknown) => {
    const fresh = join(temporaryDir, randomUUID());
    writeFileSync(fresh, JSON.stringify(value));
    renameSync(fresh, path);
  };

  return {
    buckets: () => [...buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    bucket: (name) => buckets.get(name),
    createBucket(name, now) {
      const bucket: Bucket = { name, createdAt: now.toISOString(), objects: new Map() };
      mkdirSync(dirOf(bucket), { recursive: true });
      writeJson(join(dirOf(bucket), bucketFile), { createdAt: bucket.createdAt });
      buckets.set(name, bucket);
    },
    temporaryFile: () => join(temporaryDir, randomUUID()),
    putObject(bucket, description, file) {
      const object: StoredObject = { ...description, dataFile: `${fileStem(description.key)}.${randomUUID()}.data` };
      const replaced = bucket.objects.get(object.key);
      renameSync(file, join(dirOf(bucket), object.dataFile));
      writeJson(join(dirOf(bucket), `${fileStem(object.key)}.json`), object);
      bucket.objects.set(object.key, object);
      // Readers under way keep the old file open; its name can go.
      if (replaced) rmSync(join(dirOf(bucket), replaced.dataFile), { force: true });
      return object;
    },
    deleteObject(bucket, key) {
      const object = bucket.objects.get(key);
      if (!object) return;
      rmSync(join(dirOf(bucket), `${fileStem(key)}.json`), { force: true });
      rmSync(join(dirOf(bucket), object.dataFile), { force: true });
      bucket.objects.delete(key);
    },
    dataPath: (bucket, object) => join(dirOf(bucket), object.dataFile),
    uploadsDir,
    clear() {
      for (const bucket of buckets.values()) {
        for (const key of [...bucket.objects.keys()]) this.deleteObject(bucket, key);
      }
      rmSync(uploadsDir, { recursive: true, force: true });
      mkdirSync(uploadsDir, { recursive: true });
    },
  };
}

const bucketFile = "bucket.json";

/** A key may be any text, so its file is named by its hash: nothing in a key can reach outside the folder. */
function fileStem(key: string): string {
  return sha256Hex(key);
}

function loadBucket(dir: string, name: string): Bucket {
  const files = readdirSync(dir);
  const objects = new Map<string, StoredObject>();
  const named = new Set<string>();
  for (const file of files) {
    if (!file.endsWith(".json") || file === bucketFile) continue;
    const object = JSON.parse(readFileSync(join(dir, file), "utf8")) as StoredObject;
    objects.set(object.key, object);
    named.add(object.dataFile);
  }
  for (const file of files) {
    if (file.endsWith(".data") && !named.has(file)) rmSync(join(dir, file), { force: true });
  }
  const about = join(dir, bucketFile);
  const createdAt = existsSync(about)
    ? (JSON.parse(readFileSync(about, "utf8")) as { createdAt: string }).createdAt
    : new Date(0).toISOString();
  return { name, createdAt, objects };
}
