/** The soak cannot be run here, or has found something that is no growth; `message` says what. */
export class SoakError extends Error {
  override readonly name = 'SoakError';
}
