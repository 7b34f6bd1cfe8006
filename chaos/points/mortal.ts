import type { StepEnd, StepName } from "./steps";

/** Dies where this point is passed for the `passing`th time, counted from 1. */
export type Death = { point: string; passing: number };

/** What became of one step: its end or its death, and the points that were passed, the deadly one last. */
export type Life = { passed: string[]; end: StepEnd | "died" };

/** Something that does one step of the store's work after the other, and dies where it is told to. */
export type Mortal = {
  live(step: { name: StepName; input: unknown; clockMs: number }, death: Death | undefined): Promise<Life>;
  close(): Promise<void>;
};
