/** Whether a file is only looked at first. */
export function DryRunField({ isTicked = false }: { isTicked?: boolean }) {
  return (
    <label className="mt-2 flex items-center gap-2 text-sm">
      <input type="checkbox" name="dryRun" defaultChecked={isTicked} />
      Dry run: only look what would change
    </label>
  );
}
