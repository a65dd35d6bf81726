/** What the command's exit code says; 64 and 78 as in sysexits.h. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** The command line makes no sense. */
  usage: 64,
  /** The configuration cannot be used. */
  configuration: 78,
} as const;
