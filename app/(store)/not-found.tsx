import { NothingHere } from "@/components/nothing-here";

export default function StoreNotFound() {
  return (
    <div className="flex max-w-xl flex-col items-start gap-4 py-10">
      <NothingHere />
    </div>
  );
}
