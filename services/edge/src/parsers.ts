// What takes the bytes and texts of strangers apart, for the fuzzer alone.
export { IcyInterleaver } from './icy.ts';
export { readPictureQuery } from './pictures/picture-query.ts';
export { splitPlaylistPath } from './playlist.ts';
export { readStartQuery } from './start-query.ts';
