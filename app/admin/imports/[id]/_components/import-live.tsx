"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { usePolling } from "@/components/use-refresh";
import { type RequestRunAccess, useRunAccess } from "@/components/use-run-access";
import type { ImportId } from "@/lib/ids";
import { importRunAccessAction } from "../../actions";
import { ProgressBar } from "./progress-bar";

const ImportRun = dynamic(() => import("./import-run").then((module) => module.ImportRun), { ssr: false });

type Props = { importId: ImportId; tag: string; rowsRead: number };

/**
 * The progress of an import that is under way. It watches the import's run; while that cannot be seen it has the server
 * draw the page again every two seconds.
 */
export function ImportLive({ importId, tag, rowsRead }: Props) {
  const [connected, setConnected] = useState(false);
  const request: RequestRunAccess = async () => {
    const answer = await importRunAccessAction({ importId });
    return answer.ok ? answer.value : undefined;
  };
  const access = useRunAccess(request);
  usePolling(!connected, 2_000);

  return (
    <>
      {!connected && <ProgressBar rows={rowsRead} />}
      {access && (
        <ImportRun key={access.accessToken} tag={tag} access={access} request={request} onConnected={setConnected} />
      )}
    </>
  );
}
