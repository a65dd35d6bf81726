import { localPath, whyNotMirrored } from '@weir/config';
import type { MasterConfiguration } from '@weir/config';
import { encodeToken } from '@weir/wire';
import type { Catalogue } from './catalogue.ts';
import { mirroredMax, viaMax } from '../limits.ts';

/** A stream of a master that may be mirrored. */
export interface Offer {
  /** On the master. */
  readonly path: string;
  /** Deployments that it may have come over to the master. */
  readonly before: readonly string[];
  /** The same to here: with the master, if that is a weir. */
  readonly via: readonly string[];
  /** The master says itself that it gives nothing at the moment. */
  readonly isDown: boolean;
}

/** What of a catalogue is taken. */
export interface Selection {
  /** By the path here. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** Paths here of streams that the master has from here, or may have. */
  readonly circular: ReadonlySet<string>;
  /** Why not, by the path on the master. */
  readonly refused: ReadonlyMap<string, string>;
  /** Streams beyond the limit, which nobody has looked at. */
  readonly beyond: number;
}

/**
 * Takes the streams that the configuration asks for, and of these what can be served: what a master tells is not trusted.
 *
 * @param deployment this one: what may come from here is not mirrored, so that weirs which mirror each other make no circle
 */
export function selectStreams(catalogue: Catalogue, master: MasterConfiguration, deployment: string): Selection {
  const offers = new Map<string, Offer>();
  const circular = new Set<string>();
  const refused = new Map<string, string>();
  const wanted = catalogue.entries.flatMap((entry) => {
    const local = localPath(master, entry.path);
    return local === null ? [] : [{ ...entry, local }];
  });
  for (const { path, local, via: before, isDown } of wanted.slice(0, mirroredMax)) {
    // Of the path on the master, too: a prefix must not make a path good that is none.
    const why = whyNotMirrored(path) ?? whyNotMirrored(local) ?? whyNotNamed(local) ?? whyNotVia(before);
    if (why !== null) refused.set(path, why);
    else if (before.includes(deployment)) circular.add(local);
    else if (!offers.has(local)) offers.set(local, { path, before, via: catalogue.deployment === null ? before : [...before, catalogue.deployment], isDown });
  }
  return { offers, circular, refused, beyond: Math.max(0, wanted.length - mirroredMax) };
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

function whyNotVia(via: readonly string[]): string | null {
  if (via.length > viaMax) return `it comes over more than ${viaMax} servers`;
  return via.every(isDeployment) ? null : 'what it comes over has names that no weir has';
}

/** Whether a text may be the name of a deployment. */
export function isDeployment(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}
