import assert from 'node:assert/strict';
import test from 'node:test';
import { bodyFraming } from './body-framing.ts';

const cases: readonly { name: string; method: string; headers: Record<string, string>; framing: object | number }[] = [
  { name: 'nothing said: until the end', method: 'PUT', headers: {}, framing: { kind: 'until-end' } },
  { name: 'a length', method: 'PUT', headers: { 'content-length': '4711' }, framing: { kind: 'sized', bytes: 4711 } },
  { name: 'a length above 32 bits', method: 'POST', headers: { 'content-length': '4294967297' }, framing: { kind: 'sized', bytes: 4_294_967_297 } },
  { name: 'chunked', method: 'POST', headers: { 'transfer-encoding': 'Chunked' }, framing: { kind: 'chunked' } },
  { name: 'identity', method: 'PUT', headers: { 'transfer-encoding': 'identity' }, framing: { kind: 'until-end' } },
  { name: 'SOURCE whatever length it says', method: 'SOURCE', headers: { 'content-length': '0' }, framing: { kind: 'until-end' } },
  { name: 'SOURCE, chunked', method: 'SOURCE', headers: { 'transfer-encoding': 'chunked' }, framing: { kind: 'chunked' } },
  { name: 'chunked and a length: refused', method: 'PUT', headers: { 'transfer-encoding': 'chunked', 'content-length': '1' }, framing: 400 },
  { name: 'an unknown coding: refused', method: 'PUT', headers: { 'transfer-encoding': 'gzip, chunked' }, framing: 501 },
  { name: 'a body that is compressed: refused', method: 'PUT', headers: { 'content-encoding': 'gzip' }, framing: 415 },
  { name: 'a body of which it is said that it is not compressed', method: 'PUT', headers: { 'content-encoding': 'Identity' }, framing: { kind: 'until-end' } },
  { name: 'two lengths: refused', method: 'PUT', headers: { 'content-length': '5, 6' }, framing: 400 },
  { name: 'a negative length: refused', method: 'PUT', headers: { 'content-length': '-1' }, framing: 400 },
  { name: 'a length beyond all numbers: refused', method: 'PUT', headers: { 'content-length': '9'.repeat(16) }, framing: 400 },
];
for (const { name, method, headers, framing } of cases) {
  test(`body framing: ${name}`, () => {
    const found = bodyFraming({ method, path: '/', httpVersion: 'HTTP/1.1', headers: new Map(Object.entries(headers)) });
    assert.deepEqual('status' in found ? found.status : found, framing);
  });
}
