import { invalidRequest } from "./wire";

/** Parameters as sent: text, or parameters under names. Lists are still objects with the indexes as names. */
export type FormValue = string | { [name: string]: FormValue };

/**
 * Reads Stripe's nested form encoding: `a[b][0][c]=x` (as the SDK sends it) and `a[]=x` (as curl users write it).
 * Whether an object is meant as a list is for the parameter's own shape to say.
 */
export function parseForm(text: string): { [name: string]: FormValue } {
  const root: { [name: string]: FormValue } = {};
  for (const [rawName, value] of new URLSearchParams(text)) {
    const names = [...rawName.matchAll(/[^[\]]+|\[\]/g)].map(([part]) => part);
    if (names.length === 0 || names.includes("__proto__")) throw invalidRequest(`Invalid parameter name: ${rawName}`);
    put(root, names, value, rawName);
  }
  return root;
}

function put(into: { [name: string]: FormValue }, names: string[], value: string, rawName: string): void {
  const [first = "", ...rest] = names;
  const name = first === "[]" ? String(Object.keys(into).length) : first;
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const next = Object.hasOwn(into, name) ? into[name] : undefined;
  if (typeof next === "string") throw invalidRequest(`Invalid parameters: ${rawName} is both a value and a group.`);
  const group = next ?? {};
  into[name] = group;
  put(group, rest, value, rawName);
}
