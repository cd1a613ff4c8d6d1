import { expect, test } from 'vitest';
import { CHUNK_ROWS } from '../apc-model/event-table.ts';
import { randomTrace } from '../apc-model/random-trace.ts';
import { Trace } from '../apc-model/trace.ts';
import { EventAxis } from './event-axis.ts';
import { marksOf } from './lane-marks.ts';

const build = randomTrace(3, 90_000);
const full = build.build();
const fullAxis = new EventAxis(full.table);
const thin = new Trace(full.meta);
const thinAxis = new EventAxis(thin.table);
thin.beforeForgetting(() => thinAxis.follow());
for (let at = 0; at < build.rows.length; at += 7000) {
  thin.appendRows(build.rows.slice(at, at + 7000));
  thin.evictBefore(thin.table.length - CHUNK_ROWS);
}
thinAxis.follow();

test('what is forgotten moves nothing that is still known', () => {
  expect(thin.firstIndex).toBeGreaterThan(CHUNK_ROWS);
  for (let event = thin.firstIndex; event < full.table.length; event += 97) {
    const timeNs = full.table.timeNs(event);
    expect(thinAxis.ofEvent(event)).toBe(fullAxis.ofEvent(event));
    expect(thinAxis.ofTime(timeNs)).toBe(fullAxis.ofTime(timeNs));
    const position = fullAxis.ofEvent(event) + 0.5;
    expect(thinAxis.timeAt(position)).toBe(fullAxis.timeAt(position));
    expect(thinAxis.keyAt(position)).toBe(fullAxis.keyAt(position));
  }
});

test('before the horizon the axis still rises, and is exact where chunks begin', () => {
  for (let event = 0; event < thin.firstIndex; event += CHUNK_ROWS)
    expect(thinAxis.pointAt(event).position).toBe(event === 0 ? 0 : fullAxis.ofEvent(event - 1));
  let before = Number.NEGATIVE_INFINITY;
  for (let timeNs = -1e6; timeNs < thin.table.timeBeforeChunkNs(thin.firstIndex); timeNs += 1e6) {
    const position = thinAxis.ofTime(timeNs);
    expect(position).toBeGreaterThan(before);
    expect(thinAxis.timeAt(position)).toBeCloseTo(timeNs, -1);
    before = position;
  }
});

test('an excerpt’s axis is the whole session’s', () => {
  const excerpt = thin.excerpt(CHUNK_ROWS + 5);
  excerpt.appendRows(build.rows.slice(excerpt.table.length, excerpt.table.length + 5000));
  const axis = new EventAxis(excerpt.table, thinAxis.pointAt(excerpt.firstIndex));
  for (let event = excerpt.firstIndex; event < excerpt.table.length; event += 31)
    expect(axis.ofEvent(event)).toBe(fullAxis.ofEvent(event));
});

test('a lane keeps the marks of what is known', () => {
  for (const { index } of full.history.atCount(full.table.length).threads) {
    const [kept, all] = [marksOf(thin, index), marksOf(full, index)];
    for (const list of ['arrivals', 'deliveries', 'logs', 'lostApcs'] as const) {
      const first = all[list].lowerBound(thin.firstIndex);
      expect(kept[list].slice(kept[list].first, kept[list].length)).toEqual(
        all[list].slice(first, all[list].length),
      );
    }
    expect([kept.created, kept.started, kept.ended]).toEqual([all.created, all.started, all.ended]);
  }
});
