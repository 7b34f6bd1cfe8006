import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Description } from "@/components/description";
import { ProductImage } from "@/components/product-image";
import { parseDescription } from "@/lib/catalog/description";

describe("a product's picture", () => {
  it("is the shop's own drawing where there is one", () => {
    const html = renderToStaticMarkup(
      <ProductImage title="Claw hammer" image={{ url: "/products/claw-hammer.svg", alt: "Drawing: Claw hammer" }} />,
    );

    expect(html).toContain('src="/products/claw-hammer.svg"');
    expect(html).toContain('alt="Drawing: Claw hammer"');
  });

  it.each([
    "https://cdn.example/hammer.png",
    "//cdn.example/products/hammer.svg",
    "/products/../secret.svg",
    "/products/hammer.svg?x=https://cdn.example",
    "javascript:alert(1)",
  ])("is a neutral drawing instead of %s, so that no other host is asked", (url) => {
    const html = renderToStaticMarkup(<ProductImage title="Ring" image={{ url, alt: "" }} />);

    expect(html).not.toContain("<img");
    expect(html).not.toContain(url);
    expect(html).toContain("No drawing of Ring yet");
  });
});

describe("a product's description", () => {
  it("is escaped again when it is shown", () => {
    const blocks = parseDescription("<p>&lt;img src=x onerror=alert(1)&gt; &amp; more</p><script>alert(2)</script>");

    expect(renderToStaticMarkup(<Description blocks={blocks} />)).toBe(
      "<p>&lt;img src=x onerror=alert(1)&gt; &amp; more</p>",
    );
  });
});
