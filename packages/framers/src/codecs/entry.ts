/**
 * What the first bytes of an access unit say about starting a decoder there.
 * - `key`: it can start: a key picture, or a recovery point, with the parameter sets it needs
 * - `other`: it cannot
 * - `hearsay`: the bytes do not settle it; the container's own flag is to be believed, and without one it is no entry
 * - `headers`: parameter sets, but the bytes end before the first picture
 * - `short`: the bytes end before anything that tells
 */
export type Entry = 'key' | 'other' | 'hearsay' | 'headers' | 'short';

/**
 * Looks at an elementary stream from the start of an access unit at `from` up to `to`. Reads nothing else, keeps nothing:
 * with more bytes of the same access unit it is asked again from the start.
 */
export type FindEntry = (bytes: Uint8Array, from: number, to: number) => Entry;
