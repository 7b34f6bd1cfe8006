import { NothingHere } from "@/components/nothing-here";

export default function NotFound() {
  return (
    <main
      id="content"
      className="mx-auto flex w-full max-w-xl flex-1 flex-col items-start justify-center gap-4 px-4 py-16"
    >
      <NothingHere />
    </main>
  );
}
