import type { Bucket, Subscription } from '@weir/bus';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Configuration } from './configuration.ts';
import { checked, signed } from './signature.ts';

/** The one key under which the fleet's configuration stands, as gzipped JSON with a version in front. */
const key = 'current';
const version = 2;

/** Bytes of a configuration as JSON: about ten thousand streams. */
const bytesMax = 16 * 1024 * 1024;

const unreadable = `what stands under "${key}" in the bucket is no configuration of weir's: restart weir control, which publishes it again, and keep others from writing there`;

interface Published {
  readonly version: number;
  readonly configuration: Configuration;
}

/**
 * Makes it the configuration of every service that watches the bucket. `tls` stays here: its paths are this machine's, and each
 * service is told of its own files.
 *
 * @param signingKey what ingests and edges check it with; null: it is not signed
 * @throws Error for one so large that the services would refuse it
 */
export async function publishConfiguration(bucket: Bucket, configuration: Configuration, signingKey: Uint8Array | null): Promise<void> {
  // Whoever can read the bucket has no business with the token.
  const published: Published = { version, configuration: { ...configuration, tls: null, admin: { tokenHash: null } } };
  const json = Buffer.from(JSON.stringify(published));
  if (json.length > bytesMax) throw new Error(`the configuration has ${json.length} bytes as JSON, services read at most ${bytesMax}: split the fleet`);
  const value = gzipSync(json);
  await bucket.put(key, signingKey === null ? value : signed(value, signingKey));
}

/**
 * The configuration that was published last; null: none yet.
 *
 * @throws Error for a value that is none of ours, or not signed with the key if there is one
 */
export async function publishedConfiguration(bucket: Bucket, signingKey: Uint8Array | null): Promise<Configuration | null> {
  const entry = await bucket.get(key);
  return entry === null ? null : read(checked(entry.value, signingKey));
}

/**
 * Tells the configuration there is (null: none yet) and each later one. A service goes on with the last it was told when the
 * bucket, or whoever writes it, is gone; so a deletion is not told.
 *
 * @throws Error from within the bucket's callback, for a value that is none of ours, or not signed with the key if there is one: it
 *   is reported there, the old one stays
 */
export function watchConfiguration(bucket: Bucket, signingKey: Uint8Array | null, onConfiguration: (configuration: Configuration | null) => void): Subscription {
  let told = false;
  return bucket.watch(key, (entry) => {
    if (entry === null && told) return;
    const configuration = entry === null ? null : read(checked(entry.value, signingKey));
    told ||= configuration !== null;
    onConfiguration(configuration);
  });
}

function read(value: Uint8Array): Configuration {
  const published = unpack(value);
  if (published?.version === undefined) throw new Error(unreadable);
  if (published.version !== version) {
    throw new Error(`the published configuration has version ${published.version}, this weir reads ${version}: run the same weir everywhere`);
  }
  return published.configuration;
}

function unpack(value: Uint8Array): Published | null {
  try {
    return JSON.parse(gunzipSync(value, { maxOutputLength: bytesMax }).toString()) as Published | null;
  } catch (cause) {
    throw new Error(unreadable, { cause });
  }
}
