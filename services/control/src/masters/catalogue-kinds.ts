import type { MasterStatus } from '@weir/telemetry';
import type { Catalogue } from './catalogue.ts';
import { readIcecastStatus } from './icecast-catalogue.ts';
import { readPathList } from './path-list.ts';
import { readSavateStatus } from './savate-catalogue.ts';
import { readWeirStatus } from './weir-catalogue.ts';

/** A document in which a server tells of its streams. */
export interface CatalogueKind {
  readonly software: NonNullable<MasterStatus['software']>;
  /** Where it is. */
  readonly path: string;
  /** Worth asking for only with a user and password. */
  readonly restricted: boolean;
  /** Null when the text is none of this kind. */
  readonly read: (text: string) => Catalogue | null;
}

/** In the order in which a server that is not known yet is asked. Icecast's list for its slaves has mounts that its page hides. */
export const catalogueKinds: readonly CatalogueKind[] = [
  { software: 'weir', path: '/stat.json', restricted: false, read: readWeirStatus },
  { software: 'icecast', path: '/admin/streamlist.txt', restricted: true, read: readPathList },
  { software: 'icecast', path: '/status-json.xsl', restricted: false, read: readIcecastStatus },
  { software: 'savate', path: '/status.json', restricted: false, read: readSavateStatus },
  { software: 'list', path: '/streamlist.txt', restricted: false, read: readPathList },
];
