// What takes the bytes and texts of strangers apart, for the fuzzer alone.
export { readOptions } from './options.ts';
export { UsageError } from './usage.ts';
