import assert from 'node:assert/strict';
import test from 'node:test';
import { isSecretName, maskFields, maskText } from './mask.ts';

const names: readonly [name: string, secret: boolean][] = [
  ['password', true],
  ['PASSWORD', true],
  ['sourcePassword', true],
  ['source_password', true],
  ['api-key', true],
  ['key', true],
  ['Authorization', true],
  ['proxy-authorization', true],
  ['nats.token', true],
  ['keyframes', false],
  ['monkey', false],
  ['tokenized', false],
  ['path', false],
];
for (const [name, secret] of names) {
  test(`mask: a field named ${name} is ${secret ? '' : 'not '}a secret`, () => assert.equal(isSecretName(name), secret));
}

const texts: readonly [text: string, masked: string][] = [
  ['pulling http://user:pass@host:8000/a.ts', 'pulling http://***@host:8000/a.ts'],
  ['icecast://source:hack@me@host/x and rtmp://t0ken@h', 'icecast://***@host/x and rtmp://***@h'],
  ['["http://a:b@h","http://c@h"]', '["http://***@h","http://***@h"]'],
  ['http://host/user@example.org', 'http://host/user@example.org'],
  ['mail to a@b.org', 'mail to a@b.org'],
  ['GET /a.ts?token=abc&x=1&stream_key=k.1 HTTP/1.1', 'GET /a.ts?token=***&x=1&stream_key=*** HTTP/1.1'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic ***'],
  ['authorization=Bearer abc.def, next', 'authorization=Bearer ***, next'],
  ['streams.cam.password: must not be empty', 'streams.cam.password: must not be empty'],
  ['Unexpected token: <', 'Unexpected token: <'],
];
for (const [text, masked] of texts) {
  test(`mask: "${text}" becomes "${masked}"`, () => assert.equal(maskText(text), masked));
}

test('mask: a text is cut after its secrets are masked', () => {
  const text = `${'x'.repeat(8180)} http://user:secret@host/${'y'.repeat(100)}`;
  assert.equal(maskText(text), `${'x'.repeat(8180)} http://***@…+105`);
});

test('mask: hostile texts take linear time', () => {
  for (const piece of ['a', ':', '/', '://', '://a', '@', 'key', 'key=', 'authorization', 'authorization: ', ' ']) {
    const text = piece.repeat(200_000 / piece.length);
    const startedMillis = performance.now();
    maskText(text);
    assert.ok(performance.now() - startedMillis < 1000, `"${piece}": ${performance.now() - startedMillis} ms`);
  }
});

const circular: Record<string, unknown> = { name: 'a' };
circular['self'] = circular;
const values: readonly { name: string; value: unknown; masked: unknown }[] = [
  { name: 'nested secrets', value: { headers: { Authorization: 'Basic x', Host: 'h' }, password: 1234 }, masked: { headers: { Authorization: '***', Host: 'h' }, password: '***' } },
  { name: 'secrets that are not there', value: { password: null, token: undefined, key: false }, masked: { password: null, token: undefined, key: false } },
  { name: 'an option of a command that takes a secret', value: ['push', '-password', 'hunter2', '-i', 'x', '--api-key'], masked: ['push', '-password', '***', '-i', 'x', '--api-key'] },
  { name: 'an error with its causes', value: new Error('no stream', { cause: new Error('http://u:p@h refused', { cause: 'EOF' }) }), masked: 'no stream: http://***@h refused: EOF' },
  { name: 'an aggregate of errors', value: new AggregateError([new Error('first'), new Error('second')], 'all failed'), masked: 'all failed: first: second' },
  { name: 'an error without words', value: new RangeError(), masked: 'RangeError' },
  { name: 'bytes', value: Buffer.from('secret'), masked: '6 bytes' },
  { name: 'a big integer, a URL, a date', value: [5n, new URL('http://u:p@h/'), new Date(0), new Date(Number.NaN)], masked: ['5', 'http://***@h/', '1970-01-01T00:00:00.000Z', 'invalid date'] },
  { name: 'maps and sets', value: [new Map([['token', 'x'], ['a', 'y']]), new Set([1, 2])], masked: [{ token: '***', a: 'y' }, [1, 2]] },
  { name: 'a circle', value: circular, masked: { name: 'a', self: { name: 'a', self: { name: 'a', self: '{...}' } } } },
  { name: 'a long list', value: Array.from({ length: 1002 }, () => 0), masked: [...Array.from({ length: 999 }, () => 0), '+3'] },
  { name: 'a field named __proto__', value: JSON.parse('{"__proto__":{"a":1}}'), masked: JSON.parse('{"__proto__":{"a":1}}') },
];
for (const { name, value, masked } of values) {
  test(`mask: ${name}`, () => assert.deepEqual(maskFields({ value }), { value: masked }));
}

test('mask: a tangle of references costs a thousand entries, not all ways through it', () => {
  const tangle: unknown[] = [];
  for (let count = 0; count < 500; count++) tangle.push(tangle);
  assert.ok(JSON.stringify(maskFields({ tangle })).length < 20_000);
});
