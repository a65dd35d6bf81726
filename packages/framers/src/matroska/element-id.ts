/** Element IDs of RFC 8794 §11.2 and RFC 9559 §5.1, length marker included. */

export const idEbml = 0x1a45dfa3;
export const idSegment = 0x18538067;
export const idInfo = 0x1549a966;
export const idTracks = 0x1654ae6b;
export const idCluster = 0x1f43b675;
export const idTimestamp = 0xe7;
export const idSimpleBlock = 0xa3;
export const idBlockGroup = 0xa0;

const idVoid = 0xec;
const idCrc32 = 0xbf;

/** What a Cluster may contain; Void and CRC-32 stand anywhere. */
export const clusterElements: ReadonlySet<number> = new Set([
  idTimestamp,
  idSimpleBlock,
  idBlockGroup,
  idVoid,
  idCrc32,
  0x5854, // SilentTracks
  0xa7, // Position
  0xab, // PrevSize
  0xaf, // EncryptedBlock
]);

/** What may stand where a block or a cluster may. */
export const segmentElements: ReadonlySet<number> = new Set([
  ...clusterElements,
  idEbml,
  idSegment,
  idInfo,
  idTracks,
  idCluster,
  0x114d9b74, // SeekHead
  0x1254c367, // Tags
  0x1c53bb6b, // Cues
  0x1043a770, // Chapters
  0x1941a469, // Attachments
]);

/** What an EBML header may contain. */
export const headerElements: ReadonlySet<number> = new Set([
  idVoid,
  idCrc32,
  0x4286, // EBMLVersion
  0x42f7, // EBMLReadVersion
  0x42f2, // EBMLMaxIDLength
  0x42f3, // EBMLMaxSizeLength
  0x4282, // DocType
  0x4287, // DocTypeVersion
  0x4285, // DocTypeReadVersion
  0x4281, // DocTypeExtension
]);
