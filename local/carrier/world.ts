import type { HttpBindings } from "@hono/node-server";
import type { Faults } from "./faults";
import type { LabelBook } from "./store";

/** What every route works on. */
export type World = { apiKey: string; book: LabelBook; faults: Faults };

export type Env = { Bindings: HttpBindings };
