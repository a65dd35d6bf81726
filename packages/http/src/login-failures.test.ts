import assert from 'node:assert/strict';
import test from 'node:test';
import { loginAddressesMax, loginFailuresMax, loginWindowMillis } from './limits.ts';
import { LoginFailures } from './login-failures.ts';

test('login failures: are too many after so many in the window, for their address alone', () => {
  const failures = new LoginFailures();
  for (let count = 0; count < loginFailuresMax; count++) {
    assert.equal(failures.tooMany('a', count), false);
    failures.add('a', count);
  }
  assert.equal(failures.tooMany('a', 100), true);
  assert.equal(failures.tooMany('b', 100), false);
  assert.equal(failures.tooMany('a', loginWindowMillis), false);
});

test('login failures: forget the address that failed least lately when there are too many', () => {
  const failures = new LoginFailures();
  for (let count = 0; count < loginFailuresMax; count++) failures.add('guesser', 0);
  for (let address = 1; address < loginAddressesMax; address++) failures.add(`${address}`, 1);
  assert.equal(failures.tooMany('guesser', 2), true);
  failures.add('one more', 2);
  assert.equal(failures.tooMany('guesser', 2), false);
});
