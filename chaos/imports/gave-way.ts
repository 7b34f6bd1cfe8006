/** With what a worker ends that was overtaken by another one of the same import. */
export const gaveWayCode = 3;
