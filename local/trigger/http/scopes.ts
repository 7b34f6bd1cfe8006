/** Something a public token may be allowed to touch; without an id it stands for all of its type. */
export type Resource = { type: string; id?: string };

/**
 * Whether one of the scopes allows the action on one of the resources. A scope is `action:type:id` (the id may contain
 * colons), `action:type` for all of a type, or `admin` for everything.
 */
export function allows(scopes: readonly string[], action: string, resources: readonly Resource[]): boolean {
  return scopes.some((scope) => {
    const [scopeAction, type, ...rest] = scope.split(":");
    if (scopeAction === "admin") return true;
    if (scopeAction !== action && scopeAction !== "*") return false;
    if (type === undefined) return false;
    if (type === "all") return true;
    const id = rest.length > 0 ? rest.join(":") : undefined;
    return resources.some((resource) => resource.type === type && (id === undefined || id === resource.id));
  });
}
