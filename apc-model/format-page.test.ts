import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KIND_NAMES } from './event.ts';
import { META_KEYS, SHAPES, TRACE_FORMAT_VERSION } from './trace-format.ts';
import { UPGRADES } from './trace-upgrades.ts';

// FORMAT.md is for people; that it says what the code does is for this.
const page = readFileSync(join(import.meta.dirname, '..', 'FORMAT.md'), 'utf8');

/** The cells of the table under a heading, without its head. */
const table = (heading: string): string[][] =>
  page
    .split(`## ${heading}\n`)[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

it('FORMAT.md has every column with its type', () => {
  const columns = table('Columns').map(([name, type]) => {
    const plain = type!.replace(', nullable', '?');
    return `${name!.replaceAll('`', '')}: ${plain}`;
  });
  expect(columns).toEqual(SHAPES.map((shape) => shape.replace(/, \d>/, '>')));
});

it('FORMAT.md has every kind, in order', () => {
  expect(table('Kinds').map(([name]) => name!.replaceAll('`', ''))).toEqual([...KIND_NAMES]);
});

it('FORMAT.md has every key of the metadata', () => {
  expect(table('Metadata of the schema').map(([key]) => key!.replaceAll('`', ''))).toEqual(
    Object.values(META_KEYS),
  );
});

it('FORMAT.md is of this version, and of every older one there is an upgrader', () => {
  expect(page).toContain(`This page is format version ${TRACE_FORMAT_VERSION}.`);
  const versions = table('Versions').map(([version]) => Number(version));
  expect(versions).toEqual(
    Array.from({ length: TRACE_FORMAT_VERSION }, (_, at) => TRACE_FORMAT_VERSION - at),
  );
  expect(Object.keys(UPGRADES).map(Number).sort()).toEqual(versions.slice(1).reverse());
});
