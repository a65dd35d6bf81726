/**
 * Unix time in milliseconds by a clock that nobody sets: right when this process began, and even since. What is compared with the time
 * at which frames were captured is told by it, so that a step of the system's clock makes no frame look old.
 */
export function steadyMillis(): number {
  return performance.timeOrigin + performance.now();
}
