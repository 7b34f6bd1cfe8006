/** A part of the page with its heading. */
export function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-2 font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** Headings that only a screen reader needs: to the eye the cells speak for themselves. */
export function Columns({ names }: { names: string[] }) {
  return (
    <thead className="sr-only">
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}
