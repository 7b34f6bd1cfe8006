let made = 0;

/** How often this process has asked for work so far. Who finds it unchanged has put nothing into the outbox. */
export function requestsMade(): number {
  return made;
}

/** Counts one; before it is committed, so that nobody who looks after a commit of their own misses it. */
export function countRequest(): void {
  made += 1;
}
