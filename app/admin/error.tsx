"use client";

import { Failure } from "@/components/failure";

export default function AdminError(props: { error: unknown; retry: () => void }) {
  return <Failure {...props} />;
}
