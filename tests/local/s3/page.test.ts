import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { bucket, startWorld } from "./world";

const asBrowser = { headers: { accept: "text/html,application/xhtml+xml" } };

test("a browser sees what is stored, escaped, with links that download it", async () => {
  const { s3, server } = await startWorld();
  const key = 'reports/"><script>alert(1)</script> é.pdf';
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: "%PDF" }));

  const page = await fetch(`${server.url}/`, asBrowser);
  const text = await page.text();
  const link = /<a [^>]*href="([^"]+)"/.exec(text)?.[1]?.replaceAll("&amp;", "&").replaceAll("&#39;", "'") ?? "";
  const download = await fetch(link);

  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(text).not.toContain("<script>");
  expect(download.headers.get("content-disposition")).toMatch(/^attachment; filename\*=UTF-8''/);
  expect(await download.text()).toBe("%PDF");
});

test("without a signature only that page is served", async () => {
  const { server } = await startWorld();

  expect((await fetch(`${server.url}/`)).status).toBe(403);
  expect((await fetch(`${server.url}/${bucket}`, asBrowser)).status).toBe(403);
});

test("reset empties the buckets, but not for pages of other sites", async () => {
  const { s3, server } = await startWorld();
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "a", Body: "a" }));
  const count = async () => (await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount;

  const foreign = await fetch(`${server.url}/_local/reset`, {
    method: "POST",
    headers: { "sec-fetch-site": "cross-site" },
  });
  const kept = await count();
  await fetch(`${server.url}/_local/reset`, { method: "POST" });

  expect(foreign.status).toBe(403);
  expect(kept).toBe(1);
  expect(await count()).toBe(0);
});
