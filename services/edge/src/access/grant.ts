/** Why somebody is let in: what has to hold on for them to stay. */
export type Grant =
  /** Their address is enough, or nothing is asked. */
  | { readonly by: 'anybody' }
  /** They know the password that has this hash. */
  | { readonly by: 'login'; readonly user: string; readonly hash: string }
  /** They have a link signed with this key; `untilSeconds` in Unix time, null: no end. */
  | { readonly by: 'signature'; readonly key: string; readonly untilSeconds: number | null };

/** Why somebody is turned away; the words of metrics. */
export type AccessRefusal = 'address' | 'no-login' | 'wrong-login' | 'throttled' | 'busy' | 'wrong-signature' | 'expired' | 'revoked';
