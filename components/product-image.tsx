/** Pictures of our own, drawn for the shop. Anything else lies on a host that a page must not depend on. */
const localPicture = /^\/products\/[a-z0-9-]+\.svg$/;

const frame = "block aspect-[4/3] w-full bg-plate";

/** Which of three neutral drawings stands in, always the same one for one product. */
function standIn(title: string): number {
  let sum = 0;
  for (const character of title) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % 3;
}

const drawings = [
  // A parcel.
  <g key="parcel">
    <path d="M200 74 292 116v96l-92 44-92-44v-96z" className="fill-paper" />
    <path d="m108 116 92 44 92-44M200 160v96M154 95l92 43v34" />
  </g>,
  // A tin.
  <g key="tin">
    <path d="M132 104v120c0 17 30 30 68 30s68-13 68-30V104" className="fill-paper" />
    <ellipse cx="200" cy="104" rx="68" ry="30" className="fill-paper" />
    <ellipse cx="200" cy="104" rx="54" ry="22" />
    <path d="M132 146c0 17 30 30 68 30s68-13 68-30M132 196c0 17 30 30 68 30s68-13 68-30" />
  </g>,
  // A folded piece.
  <g key="folded">
    <path d="m96 206 104-48 104 48-104 48z" className="fill-paper" />
    <path d="M96 206v-22l104-48 104 48v22" className="fill-paper" />
    <path d="m96 184 104 48 104-48M96 162l104-48 104 48-104 48zM200 210v22M200 232v22M96 162v22M304 162v22" />
  </g>,
];

/**
 * The drawing of a product, or a neutral one where the shop has none. Never asks another host for anything, and never
 * shows a broken picture.
 */
export function ProductImage({ title, image }: { title: string; image: { url: string; alt: string } | null }) {
  if (image && localPicture.test(image.url))
    return (
      // A drawing of a few hundred bytes: nothing for an image optimizer to do.
      // biome-ignore lint/performance/noImgElement: see above
      <img
        src={image.url}
        alt={image.alt || title}
        width={400}
        height={300}
        className={`${frame} dark:brightness-90`}
      />
    );
  return (
    <svg role="img" aria-label={`No drawing of ${title} yet`} viewBox="0 0 400 300" className={frame}>
      <g className="stroke-line-strong" fill="none" strokeWidth="1">
        <path d="M64 40v216M58 40h12M58 256h12" />
        <path d="M96 278h208M96 272v12M304 272v12" />
      </g>
      <g className="stroke-line-strong" fill="none" strokeWidth="2.5" strokeLinejoin="round" strokeLinecap="round">
        {drawings[standIn(title)]}
      </g>
    </svg>
  );
}
