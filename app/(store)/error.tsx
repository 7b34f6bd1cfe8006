"use client";

import { Failure } from "@/components/failure";

export default function StoreError(props: { error: unknown; retry: () => void }) {
  return <Failure {...props} />;
}
