/** The steps of working on an order, in order. */
export const orderSteps = ["validate", "reserve", "charge", "confirm", "notify", "fulfil"] as const;
export type OrderStep = (typeof orderSteps)[number];

/** How far it is, with a sentence for the shopper who is watching. `done` counts the steps before this one. */
export type OrderProgress = {
  step: OrderStep;
  status: string;
  progress: { done: number; total: number; unit: "steps" };
};

export type Report = (progress: OrderProgress) => void;
export type Tell = (step: OrderStep, status: string) => void;

/** Turns a step and a sentence into progress; the last step counts as done when it is told. */
export function reportTo(report: Report | undefined): Tell {
  return (step, status) => {
    const index = orderSteps.indexOf(step);
    const total = orderSteps.length;
    report?.({ step, status, progress: { done: index === total - 1 ? total : index, total, unit: "steps" } });
  };
}
