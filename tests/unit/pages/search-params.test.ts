import { describe, expect, it } from "vitest";
import { firstOf, numberOf, pageOf } from "@/app/_server/search-params";

describe("a number in an address", () => {
  it("may be that of the two millionth order", () => {
    expect(numberOf("2000000")).toBe(2_000_000);
  });

  it.each(["", "0", "-1", "1.5", "1e3", " 1", "0x1", "9999999999", undefined])("is none where it says %j", (text) => {
    expect(numberOf(text)).toBeUndefined();
    expect(pageOf(text)).toBe(1);
  });

  it("is the first one where there are several", () => {
    expect(firstOf(["3", "4"])).toBe("3");
    expect(pageOf(["3", "4"])).toBe(3);
  });
});
