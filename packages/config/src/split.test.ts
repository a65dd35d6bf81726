import assert from 'node:assert/strict';
import test from 'node:test';
import { CommandSyntaxError, splitCommand } from './split.ts';

const cases: readonly { name: string; text: string; words: readonly string[] }[] = [
  { name: 'splits at blanks of any kind and number', text: '  ffmpeg\t-i  x\n -f\r\nmpegts ', words: ['ffmpeg', '-i', 'x', '-f', 'mpegts'] },
  { name: 'makes nothing of nothing', text: ' \n', words: [] },
  { name: 'keeps quoted blanks', text: `a 'b c' "d e"`, words: ['a', 'b c', 'd e'] },
  { name: 'joins pieces without a blank between them', text: `a'b c'd"e f"\\ g`, words: ['ab cde f g'] },
  { name: 'keeps an empty word in quotes', text: `a '' ""`, words: ['a', '', ''] },
  { name: 'takes backslashes in single quotes as they are', text: `'a\\b\\'`, words: ['a\\b\\'] },
  { name: 'takes only what a shell would escape in double quotes', text: `"\\"\\\\\\$\\n\\x"`, words: ['"\\$\\n\\x'] },
  { name: 'goes on over a backslash at the end of a line', text: 'ffmpeg \\\n  -i x\\\ny "a\\\nb"', words: ['ffmpeg', '-i', 'xy', 'ab'] },
  { name: 'expands nothing', text: 'echo $HOME ~ * ? `id` $(id) #x %{y}', words: ['echo', '$HOME', '~', '*', '?', '`id`', '$(id)', '#x', '%{y}'] },
  { name: 'keeps operators within a word', text: 'concat:a|b x>y a;b a&b', words: ['concat:a|b', 'x>y', 'a;b', 'a&b'] },
  { name: 'keeps quoted operators', text: `grep '|' ">" \\;`, words: ['grep', '|', '>', ';'] },
  { name: 'keeps a megabyte in quotes', text: `"${'x'.repeat(1e6)}"`, words: ['x'.repeat(1e6)] },
];
for (const { name, text, words } of cases) {
  test(`command line: ${name}`, () => assert.deepEqual(splitCommand(text), words));
}

const errors: readonly { name: string; text: string; message: string; piece: string }[] = [
  { name: 'an open single quote', text: `a 'b c`, message: "the quote ' is never closed", piece: "'" },
  { name: 'an open double quote', text: `a "b\\"`, message: 'the quote " is never closed', piece: '"' },
  { name: 'a backslash at the end', text: 'a b\\', message: 'a backslash at the end stands before nothing', piece: '\\' },
  ...['|', '||', '&&', '&', ';', '>', '>>', '<', '2>&1', '2>/dev/null', '>x.log'].map((operator) => ({
    name: `a bare ${operator}`,
    text: `a ${operator} b`,
    message: `"${operator}" needs a shell: set shell: true, or put it in quotes if the program wants it`,
    piece: operator,
  })),
];
for (const { name, text, message, piece } of errors) {
  test(`command line: refuses ${name}`, () => {
    assert.throws(() => splitCommand(text), (error: unknown) => error instanceof CommandSyntaxError && error.message === message && error.piece === piece);
  });
}
