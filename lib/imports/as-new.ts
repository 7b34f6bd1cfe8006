/** What an import says of itself before any of its rows is read. */
export const asNew = {
  rowsRead: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  refused: 0,
  samples: [],
  runId: null,
  startedAt: null,
  finishedAt: null,
};
