export { hashOfToken, tokenFrom } from './admin.ts';
export type {
  AccessConfiguration,
  Activity,
  AddressRules,
  AdminConfiguration,
  CommandConfiguration,
  Configuration,
  EdgeConfiguration,
  FeedConfiguration,
  FeedSource,
  ListenerAccess,
  MasterConfiguration,
  Pace,
  PushCredentials,
  StreamConfiguration,
  StreamMirror,
  TlsConfiguration,
} from './configuration.ts';
export { differenceOf } from './difference.ts';
export type { Change, Difference } from './difference.ts';
export { materialOf } from './made-of.ts';
export type { GroupMaterial } from './made-of.ts';
export { hashesOf, hashOfMasters } from './difference-hashes.ts';
export type { ConfigurationHashes, EntityHash } from './difference-hashes.ts';
export type { Environment } from './environment.ts';
export { hashOf } from './hash.ts';
export { parseListen } from './listen.ts';
export type { ListenAddress } from './listen.ts';
export { configurationOf, loadConfiguration, parseConfiguration } from './load.ts';
export type { LoadedConfiguration } from './load.ts';
export { escapePlaceholders } from './placeholders.ts';
export { ConfigurationError, formatProblem } from './problem.ts';
export type { Problem } from './problem.ts';
export type { Place } from './place.ts';
export { renderConfiguration } from './render.ts';
export { formatDuration, parseDuration } from './schema/duration.ts';
export { configurationSchema } from './schema/json-schema.ts';
export { CommandSyntaxError, splitCommand } from './split.ts';
export { publishConfiguration, publishedConfiguration, watchConfiguration } from './distribution.ts';
export { carriedStream, groupsOf, parentNames } from './groups.ts';
export type { Group, GroupFeed, GroupStream } from './groups.ts';
export { parseLinkKeys } from './link-keys.ts';
export { localPath, masterName, mirrorsFrom } from './master-paths.ts';
export { takenPaths, whyNotMirrored, withMirrored } from './mirrored.ts';
export type { MirroredStream } from './mirrored.ts';
export { configuredName, fillIn, nameOf, PushPatterns, sourceIn } from './patterns.ts';
export type { PushPattern } from './patterns.ts';
export { configurationKeyBytesMin } from './signature.ts';
