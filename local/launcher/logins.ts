/** Who may sign in to the admin of a local world. */
export type Login = { role: "owner" | "staff"; email: string; password: string };

/** The accounts the seed makes, and the table and `--json` print. */
export const demoLogins: readonly Login[] = [
  { role: "owner", email: "owner@shopfloor.example", password: "shopfloor-demo" },
  { role: "staff", email: "staff@shopfloor.example", password: "shopfloor-demo" },
];
