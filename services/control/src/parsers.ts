// What takes the bytes and texts of strangers apart, for the fuzzer alone.
export { catalogueKinds } from './masters/catalogue-kinds.ts';
export { selectStreams } from './masters/selection.ts';
