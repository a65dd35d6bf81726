import type { MasterStatus } from '@weir/telemetry';
import { readIcecastStatus, readStreamList } from './icecast-catalogue.ts';
import { readSavateStatus } from './savate-catalogue.ts';
import { readWeirStatus } from './weir-catalogue.ts';

/** A stream as its master tells of it: nothing in it is checked. */
export interface CatalogueEntry {
  readonly path: string;
  /** Servers that it has come over to the master; 0: the master has it of its own. */
  readonly hops: number;
}

/** A document in which a server tells of its streams. */
export interface CatalogueKind {
  readonly software: NonNullable<MasterStatus['software']>;
  /** Where it is. */
  readonly path: string;
  /** Worth asking for only with a user and password. */
  readonly restricted: boolean;
  /** Null when the text is none of this kind. */
  readonly read: (text: string) => readonly CatalogueEntry[] | null;
}

/** In the order in which a server that is not known yet is asked. Icecast's list for its slaves has mounts that its page hides. */
export const catalogueKinds: readonly CatalogueKind[] = [
  { software: 'weir', path: '/stat.json', restricted: false, read: readWeirStatus },
  { software: 'icecast', path: '/admin/streamlist.txt', restricted: true, read: readStreamList },
  { software: 'icecast', path: '/status-json.xsl', restricted: false, read: readIcecastStatus },
  { software: 'savate', path: '/status.json', restricted: false, read: readSavateStatus },
];
