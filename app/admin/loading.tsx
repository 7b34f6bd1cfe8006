export default function AdminLoading() {
  return (
    <p role="status" className="text-sm text-soft">
      Loading…
    </p>
  );
}
