import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { checkout } from '../support/checkout.ts';
import { findTestFiles } from '../runner/test-files.ts';

/** A row of SECURITY.md's table: the test that shows what it says. */
interface Row {
  readonly lesson: string;
  readonly file: string;
  readonly test: string;
}

const lines = readFileSync(join(checkout, 'SECURITY.md'), 'utf8').split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| lesson '));
const rows: readonly Row[] = lines.map((line) => {
  const [, lesson, file, name] = /^\| ([^|]+) \| [^|]+ \| `([^`]+)`: "([^|]+)" \|$/.exec(line) ?? [];
  if (lesson === undefined || file === undefined || name === undefined) assert.fail(`SECURITY.md: no lesson, deed and test in this row: ${line}`);
  return { lesson, file, test: name };
});

/** Whether a test is called so in a file, or one of a table is; a name that a template makes is found by the part that is written out. */
function hasTest(source: string, name: string): boolean {
  const written = name.replaceAll("'", "\\'");
  return [`test('${written}'`, `it('${written}'`, `name: '${written}'`, `['${written}',`].some((text) => source.includes(text)) || new RegExp(`\\b(?:test|it)\\(\`[^\`]*${name.replace(/[^\w ]/g, '\\$&')}[^\`]*\``).test(source);
}

test('SECURITY.md: names a test for each lesson', () => {
  const known = new Set(findTestFiles(checkout).map(({ source }) => source));
  assert.ok(rows.length >= 30);
  for (const { lesson, file, test: name } of rows) {
    assert.ok(existsSync(join(checkout, file)) && known.has(file), `${lesson}: there is no ${file}`);
    assert.ok(hasTest(readFileSync(join(checkout, file), 'utf8'), name), `${lesson}: ${file} has no test "${name}"`);
  }
});

test('SECURITY.md: a test that is not there is noticed', () => {
  const source = readFileSync(join(checkout, 'packages/http/src/pages/pages.test.ts'), 'utf8');
  assert.equal(hasTest(source, 'a template'), true);
  assert.equal(hasTest(source, 'holds nothing inline and asks only for what there is'), true);
  assert.equal(hasTest(source, 'holds nothing inline and asks for nothing'), false);
});

test('SECURITY.md: knows every advisory that weir has learnt from', () => {
  const learnt = ['29192', '29191', '29193', '34105', '29882', '18820', '3026', '9018', '9091', '4612', '0837', '1083', '1230', '0177', '1561', '2027', '29026', '31450', '3188', '46480', '39183', '1373'];
  for (const number of learnt) assert.ok(rows.some(({ lesson }) => new RegExp(`CVE-\\d{4}-${number}\\b`).test(lesson)), `CVE-...-${number} has no row`);
});
