import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DescriptionBlock, parseDescription, plainDescription } from "@/lib/catalog/description";

const plain = (text: string) => ({ text, strong: false, emphasis: false });
const paragraph = (text: string): DescriptionBlock => ({ kind: "paragraph", content: [plain(text)] });
const everyText = (html: string) => plainDescription(parseDescription(html), 1e9);

describe("a description keeps", () => {
  it("paragraphs, headings, lists, breaks and two styles", () => {
    const html = `<h2>Made of oak</h2><p>A <b>solid</b> <em>bench</em>.<br>Heavy.</p>
      <ul><li>Two vises</li><li>One shelf<ol><li>removable</li></ol></li></ul>`;

    expect(parseDescription(html)).toEqual([
      { kind: "heading", content: [plain("Made of oak")] },
      {
        kind: "paragraph",
        content: [
          plain("A "),
          { text: "solid", strong: true, emphasis: false },
          plain(" "),
          { text: "bench", strong: false, emphasis: true },
          plain("."),
          { lineBreak: true },
          plain("Heavy."),
        ],
      },
      {
        kind: "list",
        ordered: false,
        items: [
          [paragraph("Two vises")],
          [paragraph("One shelf"), { kind: "list", ordered: true, items: [[paragraph("removable")]] }],
        ],
      },
    ]);
  });

  it("the text of elements it does not know, and of plain text without any", () => {
    expect(parseDescription('<span style="color:red">Red</span> <a href="javascript:alert(1)">tape</a>')).toEqual([
      { kind: "paragraph", content: [plain("Red"), plain(" "), plain("tape")] },
    ]);
    expect(parseDescription("3 < 4 & 5 > 2, I <3 oak")).toHaveLength(1);
    expect(everyText("3 < 4 & 5 > 2, I <3 oak")).toBe("3 < 4 & 5 > 2, I <3 oak");
  });

  it("characters written as entities, once decoded and no further", () => {
    expect(everyText("caf&eacute; &amp;lt;b&amp;gt; 5&#8364; 6&#x20AC; &unknown; &#0; &#xD800;")).toBe(
      "café &lt;b&gt; 5€ 6€ &unknown;",
    );
  });
});

describe("a description never keeps", () => {
  it.each([
    ["a script", "a<script>alert(1)</script>b", "ab"],
    ["a script whose end looks different", "a<SCRIPT\n>alert(1)</ScRiPt\t>b", "ab"],
    ["a script that never ends", "a<script>alert(1)", "a"],
    ["a style", "a<style>p{}</style>b", "ab"],
    ["an svg and what is in it", "a<svg><script>alert(1)</script><a>x</a></svg>b", "ab"],
    ["a comment", "a<!-- <script>alert(1)</script> -->b", "ab"],
    ["a declaration", "<!DOCTYPE html><?xml version='1.0'?>b", "b"],
    ["a handler", '<img src=x onerror="alert(1)">b', "b"],
    ["a tag hidden in an attribute", '<p title="</p><script>alert(1)</script>">b</p>', "b"],
  ])("%s", (_name, html, text) => {
    expect(everyText(html)).toBe(text);
  });

  it("markup made by decoding: what was escaped stays text", () => {
    expect(parseDescription("&lt;script&gt;alert(1)&lt;/script&gt;")).toEqual([paragraph("<script>alert(1)</script>")]);
  });

  it("a tag that never ends: it is shown as the text it is", () => {
    expect(everyText('<p>good</p><img src="x onerror=alert(1)')).toBe('good <img src="x onerror=alert(1)');
  });
});

describe("whatever comes in", () => {
  const shapes = fc.array(
    fc.oneof(
      fc.constantFrom(..."<p> </p> <b> </b> <ul> </ul> <ol> <li> </li> <br> <h2> </h2> <script> </script>".split(" ")),
      fc.constantFrom('<a href="', "<!--", "-->", "<", ">", '"', "'", "&lt;", "&#", "</", "<x y='"),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 60 },
  );

  function assertWellNested(blocks: DescriptionBlock[], depth = 0): void {
    for (const block of blocks) {
      if (block.kind === "list") {
        expect(depth).toBeLessThan(4);
        for (const item of block.items) assertWellNested(item, depth + 1);
      } else {
        expect(["paragraph", "heading"]).toContain(block.kind);
        for (const part of block.content)
          expect(Object.keys(part).sort().join()).toMatch(/^(lineBreak|emphasis,strong,text)$/);
      }
    }
  }

  it("comes out well nested, of known blocks only, and never throws", () => {
    fc.assert(
      fc.property(shapes, (parts) => {
        assertWellNested(parseDescription(parts.join("")));
      }),
      { numRuns: 500 },
    );
  });

  it("is read in linear time: 200,000 characters of half-open tags take no minutes", () => {
    for (const piece of ["<a ", "<", '<p "', "<!--", "<ul>", "</", "&", "<script>", "<b>x"]) {
      const html = piece.repeat(Math.ceil(200_000 / piece.length));
      const started = performance.now();
      parseDescription(html);
      expect(performance.now() - started, piece).toBeLessThan(4_000);
    }
  });
});

describe("a plain description", () => {
  it("is cut at a word", () => {
    const blocks = parseDescription("<p>A hammer with a handle</p><ul><li>of ash</li></ul>");

    expect(plainDescription(blocks, 100)).toBe("A hammer with a handle of ash");
    expect(plainDescription(blocks, 15)).toBe("A hammer with…");
  });
});
