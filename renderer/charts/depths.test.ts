import { expect, test } from 'vitest';
import { TraceBuilder } from '../../apc-model/trace-builder.ts';
import { MOST_SERIES, sampleDepths } from './depths.ts';

test('no peak is lost by thinning, and only threads with a queue have a line', () => {
  const build = new TraceBuilder()
    .define('thread', 2, 'worker')
    .define('thread', 3, 'idle')
    .createdByHand(2)
    .createdByHand(3);
  build
    .at(1e9)
    .queue(0, 2)
    .queue(0, 2)
    .queue(0, 2)
    .at(1e9 + 10);
  for (const apc of [1, 2, 3]) build.apcBegins(2, apc).apcEnds(2, apc);
  const depths = sampleDepths(build.build(), 1, 60e9);
  expect(depths.series).toEqual([{ thread: 2, name: 'worker' }]);
  expect(depths.rows.length).toBeLessThanOrEqual(120);
  expect(Math.max(...depths.rows.map((row) => row['2']!))).toBe(3);
  expect(depths.rows.at(-1)!['2']).toBe(0);
});

test('of many threads those with the deepest queues are shown', () => {
  const build = new TraceBuilder();
  for (let thread = 2; thread < 12; thread++) {
    build
      .define('thread', thread, `t${thread}`)
      .createdByHand(thread)
      .at(thread * 1e6);
    for (let apc = 0; apc < thread; apc++) build.queue(0, thread);
  }
  const { series } = sampleDepths(build.build(), 1, 1e9);
  expect(series.map(({ thread }) => thread)).toEqual([6, 7, 8, 9, 10, 11]);
  expect(series).toHaveLength(MOST_SERIES);
});
