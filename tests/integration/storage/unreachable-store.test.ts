import { expect, test } from "vitest";
import { TemporaryError } from "@/lib/errors";
import { getObjectStream } from "@/lib/storage/get-object-stream";
import { putObject } from "@/lib/storage/put-object";

test("a store that cannot be reached is a failure that may pass", async () => {
  const body = Buffer.from("%PDF");

  await expect(getObjectStream("reports/daily.pdf")).rejects.toBeInstanceOf(TemporaryError);
  await expect(putObject({ key: "reports/daily.pdf", body, contentType: "application/pdf" })).rejects.toThrow(
    /could not be reached .* "reports\/daily.pdf"/,
  );
});
