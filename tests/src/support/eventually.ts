/** Waits until `condition` holds (is true, or returns a value that is not null, undefined or false), looking every 20 ms. */
export async function eventually<T>(what: string, condition: () => T | Promise<T>, timeoutMillis = 15_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMillis;
  for (;;) {
    const value = await condition();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`still not after ${timeoutMillis} ms: ${what}`);
    await pause(20);
  }
}

export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
