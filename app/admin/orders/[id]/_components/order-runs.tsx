"use client";

import { LiveRuns } from "@/components/live-runs";
import type { RunSummary } from "@/lib/runs/list-runs";
import { staffOrderRunAccessAction } from "../../../runs/actions";

/** The runs of one order as they happen; the order above them is drawn again when one ends. */
export function OrderRuns(props: { orderId: string; tag: string; initial: RunSummary[]; timeZone: string }) {
  const { orderId, ...list } = props;
  return <LiveRuns {...list} requestAccess={() => staffOrderRunAccessAction({ orderId })} />;
}
