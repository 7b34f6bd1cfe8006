/** How a file begins, as it is written there. */
export function FirstRows({ names, rows }: { names: readonly string[]; rows: readonly (readonly string[])[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="first-rows" className="mt-8">
      <h2 id="first-rows" className="mb-3 text-lg font-semibold">
        How the file begins
      </h2>
      <div className="overflow-x-auto">
        <table className="table">
          <thead>
            <tr>
              {names.map((name, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have the same heading.
                <th key={column} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are told by their place.
              <tr key={row}>
                {names.map((_, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells are told by their place.
                  <td key={column} className="max-w-64 truncate">
                    {cells[column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
