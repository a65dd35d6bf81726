// What takes the bytes and texts of strangers apart, for the fuzzer alone.
export { HeardCopy } from './heard-copy.ts';
export { decodeHeard, encodeHeard } from './heard-message.ts';
