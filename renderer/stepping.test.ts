import { expect, test } from 'vitest';
import { Kind } from '../apc-model/event.ts';
import { seedTrace } from '../timeline/seed-trace.ts';
import { stepFrom, type StepBy } from './stepping.ts';

const { table } = seedTrace();
const ALL = table.length;

function walk(direction: 1 | -1, by: StepBy): number[] {
  const stops: number[] = [];
  for (let count = direction === 1 ? 0 : ALL; ;) {
    const next = stepFrom(table, count, direction, by);
    if (next === count) return stops;
    stops.push((count = next));
  }
}

test('steps forwards visit every event but names, and steps backwards visit the same', () => {
  const forwards = walk(1, 'event');
  expect(forwards.at(-1)).toBe(ALL);
  for (const count of forwards) expect(table.kind(count - 1)).not.toBe(Kind.defined);
  const backwards = walk(-1, 'event');
  expect(backwards.reverse().slice(1)).toEqual(forwards.slice(0, -1));
});

test('APC steps stop after each thing that happened to an APC', () => {
  const kinds = walk(1, 'apc').map((count) => table.kind(count - 1));
  expect(kinds.slice(0, -1)).toEqual([
    Kind.apcQueued,
    Kind.apcLost,
    Kind.apcQueued,
    Kind.apcBegan,
    Kind.apcEnded,
  ]);
});

test('a step back from between two stops goes to the one before', () => {
  const [first, second] = walk(1, 'apc') as [number, number];
  expect(stepFrom(table, second - 1, -1, 'apc')).toBe(first);
  expect(stepFrom(table, first, -1, 'apc')).toBe(0);
  expect(stepFrom(table, 0, -1, 'event')).toBe(0);
  expect(stepFrom(table, ALL, 1, 'event')).toBe(ALL);
});
