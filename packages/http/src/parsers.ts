// What takes the bytes and texts of strangers apart, for the fuzzer alone.
export { readProxyHeader } from './proxy-protocol.ts';
export { originForm } from './request-target.ts';
export { bodyFraming } from './source-front/body-framing.ts';
export { ChunkedDecoder } from './source-front/chunked-decoder.ts';
export { findFirstRequest } from './source-front/first-request.ts';
export { findHeaders, findPassword } from './source-front/shoutcast-start.ts';
