const sizes = {
  micro: [0.25, 0.25],
  "small-1x": [0.5, 0.5],
  "small-2x": [1, 1],
  "medium-1x": [1, 2],
  "medium-2x": [2, 4],
  "large-1x": [4, 8],
  "large-2x": [8, 16],
} as const;

export function isMachine(name: string): name is keyof typeof sizes {
  return Object.hasOwn(sizes, name);
}

/** A machine preset as the worker expects it; memory is in GB and bounds the process. Unknown names mean small-1x. */
export function machineNamed(name: string | null) {
  const known = name !== null && isMachine(name) ? name : "small-1x";
  const [cpu, memory] = sizes[known];
  return { name: known, cpu, memory, centsPerMs: 0 };
}
