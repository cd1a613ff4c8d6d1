import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reasonOf, replaceFile, writeFileWhole } from './write-file.ts';

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

test('a copy is whole, or as long as it is asked to be, and more can follow it', async () => {
  const bytes = Buffer.alloc(3_000_000, 'trace');
  writeFileSync(at('a'), bytes);
  await replaceFile(at('b'), (made) => made.copy(at('a')));
  expect(readFileSync(at('b')).equals(bytes)).toBe(true);
  await replaceFile(at('c'), async (made) => {
    await made.copy(at('a'), 7);
    await made.copy(at('a'), 0);
    await made.write(Buffer.from('!'));
  });
  expect(readFileSync(at('c'), 'utf8')).toBe('tracetr!');
  await expect(replaceFile(at('b'), (made) => made.copy(at('none')))).rejects.toThrow(
    /b could not be written/,
  );
  expect(readFileSync(at('b')).equals(bytes)).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'c']);
});

test.skipIf(process.platform === 'win32')('a device is written to, and nothing takes its place', async () => {
  await writeFileWhole('/dev/null', 'gone');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
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
  ['EFBIG', 'it would be larger than the disk or your limit allows a file to be'],
])('%s means that %s', (code, reason) => {
  expect(reasonOf(Object.assign(new Error('dump'), { code }))).toBe(reason);
});

test('what is missing is told otherwise of a file that was to be read', () => {
  const missing = Object.assign(new Error('dump'), { code: 'ENOENT' });
  expect(reasonOf(missing, 'reading')).toBe('there is no such file');
});

test('a code of the system that is not in the list has the system’s words', () => {
  const errno = -constants.errno.EXDEV;
  expect(reasonOf(Object.assign(new Error('dump'), { code: 'EXDEV', errno }))).toBe(
    'the system refused with EXDEV (cross-device link not permitted)',
  );
});

test('an unknown reason is told as it came', () => {
  expect(reasonOf(new Error('odd'))).toBe('odd');
  expect(reasonOf('odd')).toBe('odd');
});
