/** A form as it stands in a page: where it goes, and what it sends if nothing is filled in. */
export type Form = { action: string; encoding: string; values: [string, string][] };

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };

function decoded(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#x27|#39);/g, (whole, name: string) => entities[name] ?? whole);
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`, "i").exec(tag)?.[1];
  return value === undefined ? undefined : decoded(value);
}

const isSet = (tag: string, name: string) => new RegExp(`\\s${name}(=""|\\s|/?>)`, "i").test(tag);

/** What a browser would send of a form's inputs: hidden and typed ones, and the buttons of a choice that are pressed. */
function valuesOf(markup: string): [string, string][] {
  return [...markup.matchAll(/<input\b[^>]*>/gi)].flatMap(([tag]): [string, string][] => {
    const name = attribute(tag, "name");
    if (name === undefined || isSet(tag, "disabled")) return [];
    const isChoice = /\stype="(radio|checkbox)"/i.test(tag);
    return isChoice && !isSet(tag, "checked") ? [] : [[name, attribute(tag, "value") ?? ""]];
  });
}

/** The page's form that has a field of this name, or undefined. */
export function findForm(page: string, field: string): Form | undefined {
  for (const [markup, tag = ""] of page.matchAll(/(<form\b[^>]*>).*?<\/form>/gis)) {
    if (!markup.includes(`name="${field}"`)) continue;
    return {
      action: attribute(tag, "action") ?? "",
      encoding: attribute(tag, "enctype") ?? "application/x-www-form-urlencoded",
      values: valuesOf(markup),
    };
  }
  return undefined;
}

/** The values of a choice between radio buttons that can be pressed, in the page's order. */
export function choicesOf(page: string, name: string): string[] {
  return [...page.matchAll(/<input\b[^>]*>/gi)].flatMap(([tag]) => {
    const isOne = attribute(tag, "name") === name && attribute(tag, "type") !== "text" && !isSet(tag, "disabled");
    const value = attribute(tag, "value");
    return isOne && value !== undefined ? [value] : [];
  });
}

/** What is sent of a form with these fields filled in. */
export function formWith(form: Form, fields: Record<string, string>): [string, string][] {
  const untouched = form.values.filter(([name]) => !(name in fields));
  return [...untouched, ...Object.entries(fields)];
}

/** What a page says to a person who was refused: its alerts, as text. React writes empty comments between texts. */
export function alertsOf(page: string): string[] {
  return [...page.matchAll(/role="alert"[^>]*>(.*?)<\/(?:div><\/div|p)>/gis)].map(([, markup = ""]) =>
    decoded(markup.replaceAll(/<!--.*?-->/g, "").replaceAll(/<[^>]+>/g, " "))
      .replaceAll(/\s+/g, " ")
      .trim(),
  );
}
