/** What a stream or an edge may serve; null: no limit. */
export interface CapacityLimits {
  readonly listenersMax: number | null;
  readonly bitsPerSecondMax: number | null;
}

/** What it serves now, requests that are still held included. */
export interface Load {
  readonly listeners: number;
  readonly bitsPerSecond: number;
}

/** Which limit one more listener of a stream of so many bits a second would exceed; null when there is room. */
export function exceededLimit(limits: CapacityLimits, load: Load, streamBitsPerSecond: number): 'listeners' | 'bandwidth' | null {
  if (limits.listenersMax !== null && load.listeners >= limits.listenersMax) return 'listeners';
  const wanted = load.bitsPerSecond + streamBitsPerSecond;
  return limits.bitsPerSecondMax !== null && wanted > limits.bitsPerSecondMax ? 'bandwidth' : null;
}

/** How much of its limits is used, as shares; 0 of one that is not set. */
export function usedShares(limits: CapacityLimits, load: Load): { readonly listeners: number; readonly bandwidth: number } {
  return {
    listeners: limits.listenersMax === null ? 0 : load.listeners / limits.listenersMax,
    bandwidth: limits.bitsPerSecondMax === null ? 0 : load.bitsPerSecond / limits.bitsPerSecondMax,
  };
}
