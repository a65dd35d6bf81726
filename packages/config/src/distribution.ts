import type { Bucket, Subscription } from '@weir/bus';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Configuration } from './configuration.ts';

/** The one key under which the fleet's configuration stands, as gzipped JSON with a version in front. */
const key = 'current';
const version = 1;

/** Bytes of a configuration as JSON: about ten thousand streams. */
const bytesMax = 16 * 1024 * 1024;

interface Published {
  readonly version: number;
  readonly configuration: Configuration;
}

/** Makes it the configuration of every service that watches the bucket. */
export async function publishConfiguration(bucket: Bucket, configuration: Configuration): Promise<void> {
  const published: Published = { version, configuration };
  await bucket.put(key, gzipSync(JSON.stringify(published)));
}

/**
 * Tells the configuration there is (null: none yet) and each later one. A service goes on with the last it was told when the
 * bucket, or whoever writes it, is gone; so a deletion is not told.
 *
 * @throws Error from within the bucket's callback, for a value that is none of ours: it is reported there, the old one stays
 */
export function watchConfiguration(bucket: Bucket, onConfiguration: (configuration: Configuration | null) => void): Subscription {
  let told = false;
  return bucket.watch(key, (entry) => {
    if (entry === null && told) return;
    const configuration = entry === null ? null : read(entry.value);
    told ||= configuration !== null;
    onConfiguration(configuration);
  });
}

function read(value: Uint8Array): Configuration {
  const published = JSON.parse(gunzipSync(value, { maxOutputLength: bytesMax }).toString()) as Published;
  if (published.version !== version) {
    throw new Error(`the published configuration has version ${published.version}, this weir reads ${version}: run the same weir everywhere`);
  }
  return published.configuration;
}
