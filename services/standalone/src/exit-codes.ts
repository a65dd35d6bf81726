/** What the command's exit code says; 64, 69 and 78 as in sysexits.h. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** A plan that listeners would notice; a status with something sad or lost. */
  noticed: 2,
  /** The command line makes no sense. */
  usage: 64,
  /** Nobody answers where something should run. */
  unavailable: 69,
  /** The configuration cannot be used. */
  configuration: 78,
} as const;
