import { describe, expect, it, test } from 'vitest';
import type { EventIndex } from './event.ts';
import { CHUNK_ROWS } from './event-table.ts';
import { RandomNumbers, randomTrace } from './random-trace.ts';
import type { SpanTrack } from './span-track.ts';
import { Trace } from './trace.ts';
import { TraceBuilder } from './trace-builder.ts';

const EVENTS = 110_000;

/** A trace and the same one that forgot its oldest events while it grew. */
function fullAndThin(seed: number): { build: TraceBuilder; full: Trace; thin: Trace } {
  const build = randomTrace(seed, EVENTS, 6);
  const full = build.build();
  const thin = new Trace(full.meta);
  for (let at = 0; at < build.rows.length; at += 9000) {
    thin.appendRows(build.rows.slice(at, at + 9000));
    thin.evictBefore(thin.table.length - 2 * CHUNK_ROWS);
  }
  return { build, full, thin };
}

/** The stretches that reach into [from, to), as they look when the first `to` events have happened. */
function stretches(trace: Trace, from: EventIndex, to: EventIndex) {
  const seen: object[] = [];
  const see = (thread: number, track: SpanTrack, span: number): void => {
    const { type, startNs, depth, call, apc, began, ended, endNs } = track.get(span);
    if (began >= to || (ended !== undefined && ended < from)) return;
    const isOver = ended !== undefined && ended < to;
    seen.push({
      thread,
      began,
      ended: isOver ? ended : undefined,
      endNs: isOver ? endNs : undefined,
      ...{ type, startNs, depth, call, apc },
      around: track.parent(span) < 0 ? undefined : track.began(track.parent(span)),
    });
  };
  for (const [thread, { life, suspended }] of [...trace.spans.threads].sort(([a], [b]) => a - b))
    for (const track of [life, suspended]) {
      for (const span of track.kept) see(thread, track, span);
      for (let span = track.first; span < track.length; span++) see(thread, track, span);
    }
  return seen;
}

function expectSame(one: Trace, other: Trace, from: EventIndex, to: EventIndex, random: RandomNumbers): void {
  for (let look = 0; look < 12; look++) {
    const count = from + random.below(to - from + 1);
    expect(structuredClone(one.history.atCount(count))).toEqual(
      structuredClone(other.history.atCount(count)),
    );
    for (const [thread, steps] of one.depths.threads)
      expect(steps.atCount(count)).toBe(other.depths.threads.get(thread)!.atCount(count));
  }
  expect(stretches(one, from, to)).toEqual(stretches(other, from, to));
}

describe('a trace that forgot its oldest events', () => {
  test.each([1, 2, 3])('answers like the whole one from its horizon on (random trace %i)', (seed) => {
    const { full, thin } = fullAndThin(seed);
    expect(thin.firstIndex).toBeGreaterThan(CHUNK_ROWS);
    expectSame(thin, full, thin.firstIndex, full.table.length, new RandomNumbers(seed));
    expect(thin.bytes).toBeLessThan(full.bytes * 0.8);
    expect(thin.statistics.statesNs(1e9)).toEqual(full.statistics.statesNs(1e9));
    for (const { userQueue, specialQueue } of thin.history.atCount(thin.firstIndex).threads)
      for (const { apc } of [...userQueue, ...specialQueue]) expect(thin.apc(apc)).toEqual(full.apc(apc));
  });

  test.each([1, 2, 3])(
    'gives excerpts that answer like the whole one in their range (random trace %i)',
    (seed) => {
      const { build, full, thin } = fullAndThin(seed);
      const random = new RandomNumbers(seed + 100);
      for (let excerpts = 0; excerpts < 4; excerpts++) {
        const from = random.below(thin.firstIndex);
        const to = from + 1 + random.below(30_000);
        const excerpt = thin.excerpt(from);
        expect(excerpt.firstIndex).toBeLessThanOrEqual(from);
        excerpt.appendRows(build.rows.slice(excerpt.table.length, to));
        expectSame(excerpt, full, from, Math.min(to, full.table.length), random);
      }
    },
  );

  it('stays within its budget', () => {
    const { rows } = randomTrace(5, EVENTS);
    const budgetBytes = 3_000_000;
    const trace = new Trace(new TraceBuilder().build().meta, { budgetBytes });
    for (let at = 0; at < rows.length; at += 1000) {
      trace.appendRows(rows.slice(at, at + 1000));
      expect(trace.bytes).toBeLessThan(budgetBytes + 50 * CHUNK_ROWS);
    }
    expect(trace.firstIndex).toBeGreaterThan(0);
    expect(trace.firstIndex % CHUNK_ROWS).toBe(0);
    const left = Array.from({ length: trace.firstIndex }, (_, event) => event).filter((event) =>
      trace.table.has(event),
    );
    expect(left.length).toBeLessThan(trace.firstIndex / 20);
    expect(() => trace.excerpt(trace.firstIndex - 1)).not.toThrow();
  });

  it('forgets nothing without a budget', () => {
    const trace = randomTrace(6, 40_000).build();
    expect(trace.firstIndex).toBe(0);
    expect(() => trace.excerpt(0)).toThrow(RangeError);
  });
});
