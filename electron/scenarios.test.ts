import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readScenarioFile } from './scenarios.ts';

const folder = mkdtempSync(join(tmpdir(), 'alertable-scenarios-'));
const file = join(folder, 'one.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (...parts: (string | number[])[]) => {
  writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(part as string))));
  return readScenarioFile(file);
};

test('a file is read as UTF-8, with or without a byte order mark', () => {
  const json = '{"alertable": 1, "title": "ä \uFFFD 😀"}';
  expect(read(json).scenario.title).toBe('ä \uFFFD 😀');
  expect(read('\uFEFF', json).scenario.title).toBe('ä \uFFFD 😀');
});

test.each<[string, string, number[], string]>([
  ['Latin-1', '{"title": "', [0xe9], 'byte 11 (0xE9)'],
  ['what comes after a replacement character', '{"a": "ä\uFFFD\uFFFD', [0xff], 'byte 15 (0xFF)'],
  ['half a character', '{"title": "', [0xe2, 0x82], 'byte 11 (0xE2)'],
  ['a surrogate as UTF-8', '{"title": "', [0xed, 0xa0, 0x80], 'byte 11 (0xED)'],
  ['UTF-16', '', [0xff, 0xfe, 0x7b, 0x00], 'byte 0 (0xFF)'],
])('%s is no UTF-8: the first wrong byte is named', (_what, start, wrong, place) => {
  expect(() => read(start, wrong, '"}')).toThrow(`${file}: ${place} is not UTF-8; save the file as UTF-8`);
});

test('what cannot be read says why', () => {
  expect(() => readScenarioFile(folder)).toThrow(`${folder} could not be read: it is a folder`);
  const none = join(folder, 'none.json');
  expect(() => readScenarioFile(none)).toThrow(`${none} could not be read: there is no such file`);
});

test('no more is read of a file than a scenario may have', () => {
  expect(() => read(' '.repeat(4 * 1024 * 1024 + 1))).toThrow(
    `${file}: the file is too large; a scenario has at most 4194304 bytes`,
  );
  expect(() => read(' '.repeat(4 * 1024 * 1024))).toThrow('the file is empty');
});

test('each line of what is wrong begins with the file', () => {
  expect(() => read('{"alertable": 1, "titel": "t"}')).toThrow(
    `${file}: $.title: is missing; allowed: a string of 1 to 200 characters\n` +
      `${file}: $: unknown key "titel"; did you mean "title"? remove it or correct its spelling`,
  );
});
