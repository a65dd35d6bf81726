export { createFramer } from './create.ts';
export type { FramerOptions } from './create.ts';
export { shiftFlvTag } from './flv/shift.ts';
export type { Emit, Faults, Framer } from './framer.ts';
export { frameBytesMax, initBytesMax, recogniseBytesMax } from './limits.ts';
export { lastUnit } from './mpegts/last-unit.ts';
export { recognise } from './recognise.ts';
export { RecognisingFramer } from './recognising-framer.ts';
export { carriesVideo } from './video.ts';
