import type { Mount } from '../mount.ts';
import type { Gatekeeper } from './gatekeeper.ts';

/** Ends those who may not listen any more; says how many. */
export function endUnwelcome(mounts: Iterable<Mount>, gate: Gatekeeper): number {
  let ended = 0;
  for (const mount of mounts) {
    const { access } = mount.stream;
    if (access === null) continue;
    for (const listener of mount.listeners) {
      const { grant, address } = listener.identity;
      if (listener.ended !== null || gate.holds(grant, access, address)) continue;
      listener.end('revoked');
      ended++;
    }
  }
  return ended;
}

/** Ends those whose signed link said until when. */
export function endOverdue(mounts: Iterable<Mount>, nowSeconds: number): void {
  for (const mount of mounts) {
    if (mount.stream.access === null) continue;
    for (const listener of mount.listeners) {
      const { grant } = listener.identity;
      if (grant.by === 'signature' && grant.untilSeconds !== null && nowSeconds >= grant.untilSeconds) listener.end('limit');
    }
  }
}
