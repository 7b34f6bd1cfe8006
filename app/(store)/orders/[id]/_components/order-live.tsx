"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { usePolling } from "@/components/use-refresh";
import { type RequestRunAccess, useRunAccess } from "@/components/use-run-access";
import { orderRunAccessAction } from "../actions";

const OrderRuns = dynamic(() => import("./order-runs").then((module) => module.OrderRuns), { ssr: false });

const pollEveryMs = 2_500;

/**
 * Keeps the order's page true without reloading: it watches the runs of the order and has the server draw the page
 * again at each change. While no run can be watched and something is still to come, it asks every 2.5 s instead.
 */
export function OrderLive({
  orderId,
  token,
  tag,
  settled,
}: {
  orderId: string;
  token: string;
  tag: string;
  settled: boolean;
}) {
  const [connected, setConnected] = useState(false);
  const request: RequestRunAccess = async () => {
    const answer = await orderRunAccessAction({ orderId, token });
    return answer.ok ? answer.value : undefined;
  };
  const access = useRunAccess(request);
  usePolling(!settled && !connected, pollEveryMs);

  if (!access) return null;
  return <OrderRuns key={access.accessToken} tag={tag} access={access} request={request} onConnected={setConnected} />;
}
