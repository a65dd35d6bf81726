/** What one process tells of itself after a collection of garbage. Bytes, and numbers of what keeps its loop alive. */
export interface Probed {
  /** Without code: V8 goes on optimising functions for an hour and longer. */
  readonly heapUsed: number;
  /** With array buffers. */
  readonly external: number;
  readonly timers: number;
  readonly handles: number;
}
