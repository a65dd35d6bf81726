/** Bytes of a file of lines before it is put aside, and how many that are put aside are kept: ten hours of 10 lines a second. */
export const fileBytesMax: number = 64 * 1024 * 1024;
export const filesKeptMax = 4;

/** Bytes of lines that may wait for a file; what comes beyond is left out and counted. */
export const waitingBytesMax: number = 1024 * 1024;

/** Milliseconds between two looks whether somebody else has put the file aside. */
export const fileCheckMillis = 1000;
