import assert from 'node:assert/strict';
import test from 'node:test';
import { xmlDocument, xmlElement } from './xml.ts';

const texts: readonly (readonly [text: string, written: string])[] = [
  ['<b>&"\'', '&lt;b&gt;&amp;&quot;&apos;'],
  [']]>', ']]&gt;'],
  ['a\u0000\u001b\u007f\tb', 'a\ufffd\ufffd\u007f\tb'],
  ['\ud800x\udc00', '\ufffdx\ufffd'],
  ['\ufffe😀', '\ufffd😀'],
];
for (const [text, written] of texts) {
  test(`xml: ${JSON.stringify(text)} is inert`, () => {
    assert.equal(xmlElement('title', text), `<title>${written}</title>`);
    assert.equal(xmlElement('source', [], { mount: text }), `<source mount="${written}"></source>`);
  });
}

test('xml: a document declares what it is', () => assert.equal(xmlDocument(xmlElement('a', [xmlElement('b', 1)])), '<?xml version="1.0" encoding="UTF-8"?>\n<a><b>1</b></a>\n'));
