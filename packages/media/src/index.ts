export { comparePositions, sameInit } from './frame.ts';
export type { EndFrame, Frame, InitFrame, MediaFrame, Position, Provenance, StreamFrame, StreamInit, StreamMedia, StreamTitle, TitleFrame } from './frame.ts';
export { findFormat, formatOf, formats } from './format.ts';
export type { Format, FormatName, InitChange } from './format.ts';
export { microsOf90k, Unwrapper } from './time.ts';
