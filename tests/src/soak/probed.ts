/** What one process tells of itself after a collection of garbage. Bytes, and numbers of what keeps its loop alive. */
export interface Probed {
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  readonly timers: number;
  readonly handles: number;
}
