import assert from 'node:assert/strict';
import test from 'node:test';
import { exportsOf, importsOf, strip } from './scanner.ts';

const stripCases: readonly { name: string; text: string; code: string; bare: string }[] = [
  { name: 'a line comment', text: 'a // b\nc', code: 'a     \nc', bare: 'a     \nc' },
  { name: 'a block comment over lines', text: 'a /* b\n */ c', code: 'a     \n    c', bare: 'a     \n    c' },
  { name: 'a string with a comment inside', text: "f('//x')", code: "f('//x')", bare: 'f(     )' },
  { name: 'a string with its quote escaped', text: String.raw`f('\'//') // b`, code: String.raw`f('\'//')     `, bare: 'f(      )     ' },
  { name: 'a template with code inside', text: '`a${b({c: `d`})}e` + f', code: '`a${b({c: `d`})}e` + f', bare: '    b({c:    })    + f' },
  { name: 'a regular expression with a quote', text: "x = /['/]/.test(y) // z", code: "x = /['/]/.test(y)     ", bare: 'x =       .test(y)     ' },
  { name: 'a division', text: 'a / b // c', code: 'a / b     ', bare: 'a / b     ' },
];
for (const { name, text, code, bare } of stripCases) {
  test(`scanner: strips ${name}`, () => assert.deepEqual(strip(text), { code, bare }));
}

const importCases: readonly { text: string; specifiers: readonly string[] }[] = [
  { text: "import a from 'b';", specifiers: ['b'] },
  { text: "import type { a } from 'b';\nexport { c } from \"d\";", specifiers: ['b', 'd'] },
  { text: "import {\n  a,\n  b,\n} from './c.ts';", specifiers: ['./c.ts'] },
  { text: "export * from './a.ts';\nimport 'b';", specifiers: ['./a.ts', 'b'] },
  { text: "const a = await import('b');", specifiers: ['b'] },
  { text: "const a = import.meta.resolve('b/c.js');", specifiers: ['b/c.js'] },
  { text: "// import a from 'b';\nexport const from = 'c';", specifiers: [] },
  { text: "f(\"import a from 'b';\", `import 'c'`);\nimport 'd';", specifiers: ['d'] },
];
for (const { text, specifiers } of importCases) {
  test(`scanner: finds what is imported by ${JSON.stringify(text)}`, () => {
    assert.deepEqual(importsOf(strip(text)).map(({ specifier }) => specifier), specifiers);
  });
}

test('scanner: gives the line of the module name', () => {
  assert.deepEqual(importsOf(strip("\nimport {\n  a,\n} from 'b';")), [{ specifier: 'b', line: 4 }]);
});

test('scanner: tells documented exports from others', () => {
  const text = [
    '/** Yes. */\nexport function a(): void {}\n',
    'export class B {}\n',
    '// No.\nexport interface C {}\n',
    '/* No. */\nexport abstract class D {}\n',
    '/** Yes. */\nexport async function e(x: 1): void;\nexport async function e(x: 2): void;\n',
    'const text = `\nexport class F {}`;\n',
    'export interface G {\n  h: { i: number };\n  /** Yes. */\n  j: string;\n}\n',
    'export interface K {\n  l: number;\n}\n/** About the next. */\nconst m = 1;\n',
  ].join('\n');
  assert.deepEqual(
    exportsOf(text, strip(text)).map(({ name, documented }) => [name, documented]),
    [['a', true], ['B', false], ['C', false], ['D', false], ['e', true], ['G', true], ['K', false]],
  );
});
