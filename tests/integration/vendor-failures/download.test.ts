import { expect, test } from "vitest";
import { DownloadRefusedError } from "@/lib/download/errors";
import { openDownload } from "@/lib/download/open-download";
import { vendorFailures } from "@/lib/vendor-failures";
import { answering, atOnce, backOff, type Case, decisionOn, errorOf, rowsWithout, told } from "./cases";

const opening = (url: string) =>
  errorOf(openDownload(url, { bytesMax: 1_000, allowHttp: true, isAllowed: () => true }));

const answered = async (status: number, headers?: Record<string, string>) =>
  opening((await answering(status, "", headers)).url);

const cases: Case[] = [
  {
    name: "nobody answers",
    row: "none",
    provoke: () => opening("http://127.0.0.1:1"),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "too many requests",
    row: "429",
    provoke: () => answered(429, { "retry-after": "3" }),
    becomes: "TemporaryError",
    decision: told(3_000),
  },
  {
    name: "the server is being repaired",
    row: "503",
    provoke: () => answered(503, { "retry-after": "5" }),
    becomes: "TemporaryError",
    decision: told(5_000),
  },
  {
    name: "the server fails",
    row: "5xx",
    provoke: () => answered(500),
    becomes: "TemporaryError",
    decision: backOff,
  },
  {
    name: "there is no such file",
    row: "404",
    provoke: () => answered(404),
    becomes: DownloadRefusedError.name,
    decision: "stop",
  },
  {
    name: "the file is gone",
    row: "410",
    provoke: () => answered(410),
    becomes: DownloadRefusedError.name,
    decision: "stop",
  },
  {
    name: "the file is somebody else's",
    row: "4xx",
    provoke: () => answered(403),
    becomes: DownloadRefusedError.name,
    decision: "stop",
  },
];

test.each(cases)("Download, $row: $name", async ({ provoke, becomes, decision }) => {
  const error = await provoke();

  expect((error as Error).constructor.name).toBe(becomes);
  expect(decisionOn(error)).toEqual(decision);
});

test("no row of the table about downloads is left out", () => {
  expect(rowsWithout(cases, vendorFailures.download)).toEqual([]);
});
