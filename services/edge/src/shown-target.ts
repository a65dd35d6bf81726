/** A URL, or a part of one, as it may stand in a log: without the signature that would let others in. */
export function shownTarget(target: string): string {
  return target.replace(/([?&])([^=&]*)=[^&#]*/g, (parameter, before: string, name: string) => (decoded(name) === 'signature' ? `${before}signature=****` : parameter));
}

function decoded(name: string): string {
  return new URLSearchParams(`${name}=`).keys().next().value ?? '';
}
