/** Lines of the timeline that are for staff only. */
export const internalEventKinds: readonly string[] = [
  "capture-unclear",
  "cancel-unclear",
  "refund-unclear",
  "refund-failed",
  "dispute",
  "dispute-closed",
];
