import { describe, expect, it, test } from 'vitest';
import { ApcQueue } from './apc-queue.ts';
import { Kind } from './event.ts';
import { RandomNumbers, randomTrace } from './random-trace.ts';
import { TraceBuilder } from './trace-builder.ts';

describe('the state at an instant', () => {
  test.each([1, 2])('is what the events up to it make, whatever came later (random trace %i)', (seed) => {
    const build = randomTrace(seed, 70_000, 6);
    const full = build.build();
    const random = new RandomNumbers(seed);
    const counts = Array.from({ length: 40 }, () => random.below(build.rows.length)).sort((a, b) => a - b);
    const grown = new TraceBuilder().build();
    const then = counts.map((count) => {
      grown.appendRows(build.rows.slice(grown.table.length, count));
      return structuredClone(grown.history.atCount(count));
    });
    for (const place of random.shuffled(counts.keys()))
      expect(structuredClone(full.history.atCount(counts[place]!))).toEqual(then[place]);
  });
});

describe('what the lanes draw', () => {
  test.each([1, 2, 3])('agrees with the board at any instant, gaps or not (random trace %i)', (seed) => {
    const { rows } = randomTrace(seed, 12_000, 5);
    const trace = new TraceBuilder().build();
    let [frames, waiting] = [0, 0];
    for (const row of rows) {
      trace.appendRows([row]);
      // Right after a gap, and now and then.
      if (row.kind !== Kind.resync && trace.table.length % 97 !== 0) continue;
      for (const thread of trace.history.atCount(trace.table.length).threads) {
        const own = trace.spans.threads.get(thread.index);
        const open = (own?.stack ?? []).map((span) => own!.life.began(span));
        const begins: number[] = [Kind.callBegan, Kind.apcBegan];
        const inFrames = open.filter((event) => begins.includes(trace.table.kind(event)));
        expect(inFrames).toEqual(thread.frames.map(({ began }) => began));
        if (thread.activity === 'ended') continue;
        const pending = [...thread.userQueue, ...thread.specialQueue].filter(
          ({ state }) => state !== 'in-flight',
        );
        expect(trace.depths.threads.get(thread.index)?.last ?? 0).toBe(pending.length);
        frames += inFrames.length;
        waiting += pending.length;
      }
    }
    expect(Math.min(frames, waiting)).toBeGreaterThan(100);
  });
});

describe('a queue and its copies', () => {
  test.each([1, 2, 3, 4])('hold what an array would, and change apart (%i)', (seed) => {
    const random = new RandomNumbers(seed);
    let pairs: { queue: ApcQueue; array: number[] }[] = [{ queue: new ApcQueue(), array: [] }];
    for (let step = 0; step < 6000; step++) {
      const { queue, array } = random.of(pairs);
      const choice = random.below(100);
      if (choice < 50) {
        const entry = (array.at(-1) ?? 0) + 1 + random.below(3);
        queue.push(entry);
        array.push(entry);
      } else if (choice < 85) {
        const at = choice < 70 ? 0 : random.below(array.length);
        const [entry] = array.splice(at, 1);
        if (entry !== undefined) expect(queue.remove(entry)).toBe(true);
      } else if (choice < 95) expect(queue.remove(random.below(9000) + 0.5)).toBe(false);
      else pairs = [...pairs.slice(-4), { queue: queue.clone(), array: array.slice() }];
      expect([queue.length, queue.first]).toEqual([array.length, array[0]]);
      if (step % 100 === 0) for (const one of pairs) expect([...one.queue.entries()]).toEqual(one.array);
    }
  });

  it('ends where it is asked to', () => {
    const queue = new ApcQueue();
    for (let entry = 0; entry < 1000; entry++) queue.push(entry * 2);
    expect([...queue.entries(9)]).toEqual([0, 2, 4, 6, 8]);
    expect([queue.has(1998), queue.has(999)]).toEqual([true, false]);
  });
});
