import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyFileWhole, reasonOf, writeFileWhole } from './write-file.ts';

let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'alertable-write-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file is written over the one before, and nothing else is left', async () => {
  writeFileSync(at('a.png'), 'much longer than before');
  await writeFileWhole(at('a.png'), Uint8Array.of(1, 2, 3));
  expect([...readFileSync(at('a.png'))]).toEqual([1, 2, 3]);
  expect(readdirSync(folder)).toEqual(['a.png']);
});

test('a copy is whole', async () => {
  writeFileSync(at('a'), 'trace');
  await copyFileWhole(at('a'), at('b'));
  expect(readFileSync(at('b'), 'utf8')).toBe('trace');
});

test.skipIf(process.platform === 'win32')('a link stays a link', async () => {
  writeFileSync(at('real'), 'old');
  symlinkSync(at('real'), at('link'));
  await writeFileWhole(at('link'), 'new');
  expect(readFileSync(at('real'), 'utf8')).toBe('new');
  expect(readdirSync(folder).sort()).toEqual(['link', 'real']);
});

test('what fails says why in one sentence, and leaves what was there', async () => {
  await expect(writeFileWhole(at('none', 'a'), 'x')).rejects.toThrow(
    `${at('none', 'a')} could not be written: the folder does not exist.`,
  );
  mkdirSync(at('folder'));
  writeFileSync(at('folder', 'kept'), 'kept');
  await expect(writeFileWhole(at('folder'), 'x')).rejects.toThrow(/could not be written/);
  expect(readdirSync(folder)).toEqual(['folder']);
  expect(readFileSync(at('folder', 'kept'), 'utf8')).toBe('kept');
});

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EACCES', 'you have no permission to write there'],
  ['EROFS', 'that disk is read-only'],
])('%s means that %s', (code, reason) => {
  expect(reasonOf(Object.assign(new Error('dump'), { code }))).toBe(reason);
});

test('an unknown reason is told as it came', () => {
  expect(reasonOf(new Error('odd'))).toBe('odd');
  expect(reasonOf('odd')).toBe('odd');
});
