import { parseObject } from './json.ts';
import { isText } from './text.ts';

/** A feed or an encoder, which bears the name of its stream. */
export interface ProducerName {
  readonly kind: 'feed' | 'encoder';
  readonly name: string;
}

/** The bucket in which stands what administrators have stopped, and its one key. */
export const stoppedBucket = 'stopped';
export const stoppedKey = 'current';

const version = 1;

/** A feed or an encoder that an administrator has stopped. */
export interface StoppedProducer extends ProducerName {
  /** ISO 8601. */
  readonly since: string;
}

/** What is stopped, as it stands in the fleet's bucket. */
export function encodeStopped(stopped: readonly StoppedProducer[]): Uint8Array {
  return Buffer.from(JSON.stringify({ version, stopped }));
}

/** Nothing where the bytes tell nothing. */
export function decodeStopped(bytes: Uint8Array): readonly StoppedProducer[] {
  const { stopped, ...rest } = parseObject(bytes) ?? {};
  if (rest['version'] !== version || !Array.isArray(stopped)) return [];
  return stopped.flatMap((each: unknown): readonly StoppedProducer[] => {
    if (typeof each !== 'object' || each === null) return [];
    const { kind, name, since } = each as Record<string, unknown>;
    return (kind === 'feed' || kind === 'encoder') && isText(name) && isText(since) ? [{ kind, name, since }] : [];
  });
}
