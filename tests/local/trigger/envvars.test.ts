import { configure, envvars } from "@trigger.dev/sdk";
import { beforeAll, expect, test } from "vitest";
import { accessToken, projectRef, secretKey, triggerServerForFile } from "./server";

const server = triggerServerForFile();
const place = [projectRef, "dev"] as const;

beforeAll(() => configure({ baseURL: server.url, accessToken: secretKey }));

const value = async (name: string) => (await envvars.retrieve(...place, name)).value;

test("an upload without override changes nothing when one of its variables is set already", async () => {
  await envvars.upload(...place, { variables: { OLD: "1" } });

  await expect(envvars.upload(...place, { variables: { OLD: "2", NEW: "2" } })).rejects.toMatchObject({ status: 400 });
  await expect(envvars.retrieve(...place, "NEW")).rejects.toMatchObject({ status: 404 });
  await envvars.upload(...place, { variables: { OLD: "2", NEW: "2" }, override: true });

  expect([await value("OLD"), await value("NEW")]).toEqual(["2", "2"]);
});

test("a secret is never read again, neither alone nor in the list, but reaches the worker", async () => {
  await envvars.upload(...place, { variables: { SECRET: "hush" }, isSecret: true });

  const listed = (await envvars.list(...place)).find((variable) => variable.name === "SECRET");
  const forWorker = await fetch(`${server.url}/api/v1/projects/${projectRef}/envvars`, {
    headers: { authorization: `Bearer ${secretKey}` },
  });

  expect(listed).toEqual({ name: "SECRET", value: "<redacted>", isSecret: true });
  expect(await envvars.retrieve(...place, "SECRET")).toEqual(listed);
  expect(await forWorker.json()).toMatchObject({ variables: { SECRET: "hush" } });
});

test("empty values and the platform's own names are not set", async () => {
  const nothing = { variables: { EMPTY: " ", TRIGGER_SECRET_KEY: "tr_dev_other" }, override: true };

  await expect(envvars.upload(...place, nothing)).rejects.toMatchObject({ status: 400 });
  await envvars.upload(...place, { ...nothing, variables: { ...nothing.variables, KEPT: "1" } });

  const names = (await envvars.list(...place)).map((variable) => variable.name);
  expect(names).toContain("KEPT");
  expect(names).not.toContain("EMPTY");
  expect(names).not.toContain("TRIGGER_SECRET_KEY");
});

test("what is deleted can be neither read, changed nor deleted again", async () => {
  await envvars.create(...place, { name: "GONE", value: "1" });
  await envvars.del(...place, "GONE");

  const change = await fetch(`${server.url}/api/v1/projects/${projectRef}/envvars/dev/GONE`, {
    method: "PUT",
    headers: { authorization: `Bearer ${secretKey}` },
    body: JSON.stringify({ value: "2" }),
  });

  expect(change.status).toBe(404);
  await expect(envvars.retrieve(...place, "GONE")).rejects.toMatchObject({ status: 404 });
  await expect(envvars.del(...place, "GONE")).rejects.toMatchObject({ status: 404 });
});

test("a personal token is as good as the key; another project, environment or token is not", async () => {
  const status = async (token: string, path: string) =>
    (await fetch(`${server.url}/api/v1/projects/${path}`, { headers: { authorization: `Bearer ${token}` } })).status;

  expect(await status(accessToken, `${projectRef}/envvars/dev`)).toBe(200);
  expect(await status(secretKey, "proj_other/envvars/dev")).toBe(400);
  expect(await status(secretKey, `${projectRef}/envvars/prod`)).toBe(404);
  expect(await status("tr_dev_other", `${projectRef}/envvars/dev`)).toBe(401);
});
