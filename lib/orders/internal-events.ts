/** Lines of the timeline that are for staff only. */
export const internalEventKinds: readonly string[] = [
  "capture-unclear",
  "cancel-unclear",
  "review",
  "approve",
  "refuse-packing",
  "refund-unclear",
  "refund-failed",
  "dispute",
  "dispute-closed",
  "process-again",
];
