/** For so many days after its end an import can be undone. */
export const undoDays = 30;

export const tooLateToUndo = `Can no longer be undone: that is possible for ${undoDays} days.`;
