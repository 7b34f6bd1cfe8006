import { Fragment, type ReactNode } from "react";
import type { DescriptionBlock, DescriptionText } from "@/lib/catalog/description";

// The parts have no identity of their own and never move: their place is their key.

function Part({ part }: { part: DescriptionText }): ReactNode {
  if ("lineBreak" in part) return <br />;
  const emphasised = part.emphasis ? <em>{part.text}</em> : part.text;
  return part.strong ? <strong>{emphasised}</strong> : emphasised;
}

function Block({ block }: { block: DescriptionBlock }): ReactNode {
  if (block.kind === "list") {
    const items = block.items.map((item, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <li key={index}>
        <Description blocks={item} />
      </li>
    ));
    return block.ordered ? (
      <ol className="list-decimal space-y-1 pl-5 marker:text-soft">{items}</ol>
    ) : (
      <ul className="list-[square] space-y-1 pl-5 marker:text-line-strong">{items}</ul>
    );
  }
  const content = block.content.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <Fragment key={index}>
      <Part part={part} />
    </Fragment>
  ));
  return block.kind === "heading" ? <h2 className="pt-2 font-semibold">{content}</h2> : <p>{content}</p>;
}

/** A product's description. Text only ever becomes text: React escapes it. */
export function Description({ blocks }: { blocks: DescriptionBlock[] }) {
  return blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <Block key={index} block={block} />
  ));
}
