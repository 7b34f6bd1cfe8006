"use client";

import { Failure } from "@/components/failure";

export default function RootError(props: { error: unknown; retry: () => void }) {
  return (
    <main id="content" className="mx-auto w-full max-w-6xl px-4">
      <Failure {...props} />
    </main>
  );
}
