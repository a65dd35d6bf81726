import { localPath, whyNotMirrored } from '@weir/config';
import type { MasterConfiguration } from '@weir/config';
import { encodeToken } from '@weir/wire';
import type { CatalogueEntry } from './catalogue.ts';
import { hopsMax, mirroredMax } from '../limits.ts';

/** A stream of a master that may be mirrored. */
export interface Offer {
  /** On the master. */
  readonly path: string;
  /** Servers that it comes over to here. */
  readonly hops: number;
}

/** What of a catalogue is taken. */
export interface Selection {
  /** By the path here. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** Why not, by the path on the master. */
  readonly refused: ReadonlyMap<string, string>;
  /** Streams beyond the limit, which nobody has looked at. */
  readonly beyond: number;
}

/** Takes the streams that the configuration asks for, and of these what can be served: what a master tells is not trusted. */
export function selectStreams(entries: readonly CatalogueEntry[], master: MasterConfiguration): Selection {
  const offers = new Map<string, Offer>();
  const refused = new Map<string, string>();
  const wanted = entries.flatMap(({ path, hops }) => {
    const local = localPath(master, path);
    return local === null ? [] : [{ path, local, hops: hops + 1 }];
  });
  for (const { path, local, hops } of wanted.slice(0, mirroredMax)) {
    // Of the path on the master, too: a prefix must not make a path good that is none.
    const why = whyNotMirrored(path) ?? whyNotMirrored(local) ?? whyNotNamed(local) ?? whyTooFar(hops);
    if (why !== null) refused.set(path, why);
    else if (!offers.has(local)) offers.set(local, { path, hops });
  }
  return { offers, refused, beyond: Math.max(0, wanted.length - mirroredMax) };
}

/** Feeds are told apart on the bus by `feed` and their names. */
function whyNotNamed(local: string): string | null {
  try {
    encodeToken(`feed ${local}`);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return 'its path is too long';
    throw error;
  }
}

function whyTooFar(hops: number): string | null {
  return hops > hopsMax ? `it comes over more than ${hopsMax} servers, or masters mirror each other and none has it any more` : null;
}
