// What takes the bytes and texts of strangers apart, for the fuzzer alone.
export { readLoadOptions } from './load-options.ts';
export { LoadUsageError } from './usage.ts';
