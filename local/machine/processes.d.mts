/** Every process of a world carries this variable with the world's id, and so does whatever it starts. */
export const WORLD_VARIABLE: string;
/** Whether the process (or, negative, the process group) exists. */
export function isAlive(pid: number): boolean;
/** The pids of all processes whose environment names this world, however deep or detached. */
export function everyProcessOf(world: string): number[];
/** The parent of a process and its command line; undefined when it is gone. */
export function describeProcess(pid: number): { parent: number; command: string } | undefined;
/** Every process of the machine; Linux only. */
export function pids(): number[];
