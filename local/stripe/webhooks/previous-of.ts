/** What an update's event tells of before: each field that changed, as it was. Undefined where nothing did. */
export function previousOf<Fields extends object>(before: Fields, after: Fields): Partial<Fields> | undefined {
  const changed = Object.entries(before).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name as keyof Fields]),
  );
  return changed.length === 0 ? undefined : (Object.fromEntries(changed) as Partial<Fields>);
}
