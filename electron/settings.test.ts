import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SettingsStore, type KeptSettings } from './settings.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'alertable-settings-'));
  file = path.join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const defaults = new SettingsStore(path.join(tmpdir(), 'alertable-nowhere')).get();
const dark: KeptSettings = { ...defaults, appearance: 'dark' };

test('without a file the defaults hold and nothing is said', () => {
  const store = new SettingsStore(folder);
  expect(store.get()).toEqual(defaults);
  expect(store.notice).toBeUndefined();
});

test('what is set holds at once and at the next start', async () => {
  const store = new SettingsStore(folder);
  const heard: KeptSettings[] = [];
  store.onChange((settings) => heard.push(settings));
  const written = store.set(dark);
  expect(store.get()).toEqual(dark);
  expect(heard).toEqual([dark]);
  await written;
  expect(new SettingsStore(folder).get()).toEqual(dark);
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

test('of many quick changes the last one is on disk', async () => {
  const store = new SettingsStore(folder);
  const changes = Array.from({ length: 50 }, (_, index): KeptSettings => ({
    ...dark,
    axis: index % 2 ? 'events' : 'time',
  }));
  await Promise.all(changes.map((change) => store.set(change)));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(changes.at(-1));
});

describe.each([
  ['cut off', '{"appearance":"da'],
  ['empty', ''],
  ['of another shape', '[]'],
  ['of values unknown', '{"appearance":"pink","axis":"time"}'],
  ['binary', '\u0000\u0001'],
])('a file that is %s', (_what, text) => {
  test('is set aside with a word, and the defaults hold', () => {
    writeFileSync(file, text);
    const store = new SettingsStore(folder);
    expect(store.get()).toEqual(defaults);
    expect(store.notice).toContain(`${file}.damaged`);
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text);
    expect(new SettingsStore(folder).notice).toBeUndefined();
  });
});

test('a field of a later version is no damage', () => {
  writeFileSync(file, JSON.stringify({ ...dark, speed: 2 }));
  const store = new SettingsStore(folder);
  expect(store.get()).toEqual(dark);
  expect(store.notice).toBeUndefined();
});

test('a file that can not be read is left alone and said', () => {
  writeFileSync(path.join(folder, 'plain'), '');
  const below = new SettingsStore(path.join(folder, 'plain'));
  expect(below.get()).toEqual(defaults);
  expect(below.notice).toMatch(/could not be read: part of its path is not a folder\. Defaults are used\./);
});

test('what can not be kept is said with the reason, and holds until the end', async () => {
  writeFileSync(path.join(folder, 'plain'), '');
  const store = new SettingsStore(path.join(folder, 'plain'));
  await expect(store.set(dark)).rejects.toThrow(/could not be written: .*\.$/);
  expect(store.get()).toEqual(dark);
});
