/** The bench, or one server of it, cannot be run here; `message` says why and what to do. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
