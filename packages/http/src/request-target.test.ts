import assert from 'node:assert/strict';
import test from 'node:test';
import { originForm } from './request-target.ts';

const targets: readonly [target: string, origin: string | null][] = [
  ['/', '/'],
  ['/camera.ts?join=1', '/camera.ts?join=1'],
  ['http://radio.example:8000/camera.ts?x', '/camera.ts?x'],
  ['HTTP://radio.example', '/'],
  ['https://radio.example?x', '/?x'],
  ['http://[/camera.ts', '/camera.ts'],
  ['http://[::1', '/'],
  ['http://a:b/', '/'],
  ['//a@[#', '//a@['],
  ['/a#b', '/a'],
  ['/caf\u00c3\u00a9', '/caf%C3%A9'],
  ['//a@[\u00a0', '//a@[%A0'],
  ['*', '*'],
  ['', null],
  ['camera.ts', null],
  ['radio.example:443', null],
  ['ftp://radio.example/', null],
  ['http:/camera.ts', null],
];
for (const [target, origin] of targets) {
  test(`request target: ${JSON.stringify(target)} is ${origin ?? 'none'}`, () => assert.equal(originForm(target), origin));
}
