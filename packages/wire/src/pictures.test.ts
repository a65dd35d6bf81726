import assert from 'node:assert/strict';
import test from 'node:test';
import { messageBytesMax } from './limits.ts';
import { decodePictureReply, decodePictureRequest, encodePictureReply, encodePictureRequest, wishName } from './pictures.ts';
import type { PictureReply } from './pictures.ts';

test('picture request: comes back as it was sent', () => {
  const request = { format: 'png', quality: 85, width: 320, waitMillis: 1000 } as const;
  assert.deepEqual(decodePictureRequest(encodePictureRequest(request)), request);
});

const sound = { format: 'jpg', quality: 85, width: null, waitMillis: 0 };
const faults = [{ format: 'gif' }, { quality: 0 }, { quality: 101 }, { quality: '85' }, { width: 0 }, { width: 1.5 }, { width: '320;' }, { waitMillis: -1 }];
for (const fault of faults) {
  test(`picture request: ${JSON.stringify(fault)} is none`, () => {
    assert.equal(decodePictureRequest(Buffer.from(JSON.stringify({ ...sound, ...fault }))), null);
  });
}

for (const bytes of [1, messageBytesMax, messageBytesMax + 1, 3 * messageBytesMax]) {
  test(`picture reply: ${bytes} bytes come back as they were sent`, () => {
    const reply: PictureReply = { kind: 'picture', contentType: 'image/png', shown: '17.4-8', bytes: Buffer.alloc(bytes, 7) };
    const messages = encodePictureReply(reply);
    assert.ok(messages.every((message) => message.length > 0 && message.length <= messageBytesMax));
    assert.deepEqual(decodePictureReply(messages), reply);
    assert.equal(decodePictureReply(messages.slice(0, -1)), null);
  });
}

test('picture reply: a reason comes back as it was sent', () => {
  assert.deepEqual(decodePictureReply(encodePictureReply({ kind: 'none', reason: 'busy' })), { kind: 'none', reason: 'busy' });
});

test('picture reply: what is none is null', () => {
  for (const text of ['', '{}', '{"reason":"x"}', '{"contentType":"image/png","shown":"a\\r\\nb","bytes":1}', '{"contentType":"text/html","shown":"a","bytes":1}']) assert.equal(decodePictureReply([Buffer.from(text), Buffer.from('x')]), null);
  assert.equal(decodePictureReply([]), null);
});

test('wish: the quality of a PNG makes no other picture', () => {
  assert.equal(wishName({ format: 'png', quality: 5, width: null }), wishName({ format: 'png', quality: 50, width: null }));
  assert.notEqual(wishName({ format: 'jpg', quality: 5, width: null }), wishName({ format: 'jpg', quality: 50, width: null }));
  assert.notEqual(wishName({ format: 'jpg', quality: 5, width: null }), wishName({ format: 'jpg', quality: 5, width: 160 }));
});
