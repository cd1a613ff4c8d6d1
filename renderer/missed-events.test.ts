import { expect, test } from 'vitest';
import { HEAD } from '../apc-model/event.ts';
import { MissedEvents } from './missed-events.ts';

test('behind a gap the session’s indices are higher; a range ends at the next gap', () => {
  const missed = new MissedEvents();
  expect(missed.part(5, 100)).toEqual({ from: 5, count: 100 });
  missed.add(10, 50, 1_000);
  missed.add(20, 7, 2_000);
  expect(missed.part(5, 100)).toEqual({ from: 5, count: 5 });
  expect(missed.part(11, 4)).toEqual({ from: 60, count: 4 });
  expect(missed.part(11, 100)).toEqual({ from: 60, count: 9 });
  expect(missed.part(21, 100)).toEqual({ from: 76, count: 100 });
});

test('the gap itself comes back as the one event that stands for what is missing', () => {
  const missed = new MissedEvents();
  missed.add(10, 50, 1_000);
  const part = missed.part(10, 100);
  const words = 'gap' in part ? new Uint32Array(part.gap.buffer) : [];
  expect([words[HEAD.timeLow32], words[HEAD.valueLow32]]).toEqual([1_000, 50]);
});
