import assert from 'node:assert/strict';
import test from 'node:test';
import { HashThread } from './hash-thread.ts';
import { verifyHtpasswd } from './htpasswd-hash.ts';

/** bcrypt from its own test vectors, apr1 from `openssl passwd -apr1`, {SHA} from `openssl dgst -sha1`. */
const hashes: readonly (readonly [password: string, hash: string])[] = [
  ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['bob', '$apr1$0aB./xyz$sS3FZI.ov3nveOhB0cqJZ1'],
  ['', '$apr1$salt$AnXM5PAEa9T4ruYbwPoUh/'],
  ['ünïcode and far more than sixteen bytes', '$apr1$s$KCjy6bGFc7pSCDR5B6yzt/'],
  ['lorac', '{SHA}DHsclwLrkhpE7rHl4/980kSJSyM='],
];

for (const [password, hash] of hashes) {
  test(`htpasswd hash: ${hash.slice(0, 12)} has its password and no other`, async () => {
    const thread = new HashThread();
    for (const [tried, right] of [[password, true], [`${password}x`, false], [password.toUpperCase() === password ? `${password} ` : password.toUpperCase(), false]] as const) {
      assert.equal(verifyHtpasswd(tried, hash), right, tried);
      assert.equal(await thread.check(tried, hash), right, tried);
    }
  });
}

test('htpasswd hash: what is none has no password', async () => {
  const thread = new HashThread();
  for (const hash of ['', 'plain', '{SHA}', '{SHA}x', '$apr1$', '$apr1$a$b', '$2y$', '$2y$05$short', '$2y$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', '$6$salt$hash']) {
    for (const password of ['', 'plain', hash]) assert.equal(await thread.check(password, hash), false, hash);
  }
});
