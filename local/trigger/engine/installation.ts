import type { Database } from "../db/database";
import type { Installation } from "./context";
import { newId } from "./ids";

/** Finds or makes the installation's ids. One database serves one project: another project's is refused. */
export async function findInstallation(db: Database, projectRef: string): Promise<Installation> {
  await db.query(
    `insert into installation (project_ref, project_id, environment_id, organization_id)
     values ($1, $2, $3, $4) on conflict do nothing`,
    [projectRef, newId(), newId(), newId()],
  );
  const [row] = await db.query<{
    project_ref: string;
    project_id: string;
    environment_id: string;
    organization_id: string;
  }>("select * from installation");
  if (!row) throw new Error("installation has no row although one was just inserted");
  if (row.project_ref !== projectRef) {
    throw new Error(
      `This database holds the runs of project ${row.project_ref}, not of ${projectRef}. Use another database, or set TRIGGER_PROJECT_REF to ${row.project_ref}.`,
    );
  }
  return {
    projectRef,
    projectId: row.project_id,
    environmentId: row.environment_id,
    organizationId: row.organization_id,
  };
}
