/** A stream as its master tells of it: nothing in it is checked. */
export interface CatalogueEntry {
  readonly path: string;
  /** Deployments that it may have come over to the master. */
  readonly via: readonly string[];
  /** The master says itself that it gives nothing at the moment. */
  readonly isDown: boolean;
}

/** What a server tells of its streams. */
export interface Catalogue {
  /** Of a weir, what tells it from others. */
  readonly deployment: string | null;
  readonly entries: readonly CatalogueEntry[];
}

/** Of a server that tells paths alone. */
export function plainCatalogue(paths: readonly string[]): Catalogue {
  return { deployment: null, entries: paths.map((path) => ({ path, via: [], isDown: false })) };
}
