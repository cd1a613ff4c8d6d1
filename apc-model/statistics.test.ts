import { describe, expect, it, test } from 'vitest';
import { LogHistogram, RELATIVE_ERROR } from './log-histogram.ts';
import { RandomNumbers, randomTrace } from './random-trace.ts';
import { TIMED_ACTIVITIES } from './statistics.ts';
import { CountSeries, PeakSeries, SERIES_BUCKETS } from './time-series.ts';
import { TraceBuilder } from './trace-builder.ts';

const T = 2;

const started = (): TraceBuilder => new TraceBuilder().at(100).created(T).at(200).started(T);

describe('the three parts of a latency', () => {
  const exact = (build: TraceBuilder) => {
    const { waiting, delivery, run } = build.build().statistics.thread(T)!.latency;
    return [waiting, delivery, run].map(({ count, sumNs }) => ({ count, sumNs }));
  };

  it('of an APC that waits until its thread sleeps alertably', () => {
    const build = started().at(1000).queue(0, T);
    build.at(6000).begin(T, 'sleepEx', { alertable: true });
    build.at(6007).apcBegins(T, 1).at(6050).apcEnds(T, 1).at(6060).end(T, 'sleepEx', 0xc0);
    expect(exact(build)).toEqual([
      { count: 1, sumNs: 5000 },
      { count: 1, sumNs: 7 },
      { count: 1, sumNs: 43 },
    ]);
  });

  it('of an APC that meets its thread asleep alertably: nothing but delivery', () => {
    const build = started().at(300).begin(T, 'sleepEx', { alertable: true });
    build.at(1000).queueing(0, T, 1).at(1009).apcBegins(T, 1).at(1010).queued(0, 1).at(1100).apcEnds(T, 1);
    expect(exact(build)).toEqual([
      { count: 1, sumNs: 0 },
      { count: 1, sumNs: 9 },
      { count: 1, sumNs: 91 },
    ]);
  });

  it('of the second APC of a drain: what ran before it is in its delivery', () => {
    const build = started().at(1000).queue(0, T).queue(0, T);
    build.at(2000).begin(T, 'sleepEx', { alertable: true });
    build.at(2010).apcBegins(T, 1).at(2110).apcEnds(T, 1).at(2120).apcBegins(T, 2).at(2125).apcEnds(T, 2);
    expect(exact(build)).toEqual([
      { count: 2, sumNs: 2000 },
      { count: 2, sumNs: 10 + 120 },
      { count: 2, sumNs: 105 },
    ]);
  });

  it('of an APC that was queued before its thread started: alertable from the start on', () => {
    const build = new TraceBuilder().at(100).created(T, { suspended: true }).at(150).queue(0, T);
    build.at(200).suspended(T, 0, 1).at(250).started(T).at(253).apcBegins(T, 1).at(260).apcEnds(T, 1);
    expect(exact(build)).toEqual([
      { count: 1, sumNs: 100 },
      { count: 1, sumNs: 3 },
      { count: 1, sumNs: 7 },
    ]);
  });

  it('of a special APC: it waits for no alertable wait', () => {
    const build = started().at(300).begin(T, 'sleep').at(1000).queue(0, T, 0, { special: true });
    build.at(1020).apcBegins(T, 1).at(1030).apcEnds(T, 1);
    expect(exact(build)).toEqual([
      { count: 1, sumNs: 0 },
      { count: 1, sumNs: 20 },
      { count: 1, sumNs: 10 },
    ]);
  });

  it('of a timer’s APC from its expiry on; where nobody saw that, of its run only', () => {
    const build = started().at(300).armed(T, 1).armed(T, 2);
    build.at(900).queued(0xffff, 1, 'setWaitableTimer').at(1000).begin(T, 'sleepEx', { alertable: true });
    build.at(1004).apcBegins(T, 1).at(1005).apcEnds(T, 1).at(1006).apcBegins(T, 2).at(1009).apcEnds(T, 2);
    expect(exact(build)).toEqual([
      { count: 1, sumNs: 100 },
      { count: 1, sumNs: 4 },
      { count: 2, sumNs: 4 },
    ]);
  });
});

describe('the time in each state', () => {
  it('is exact, the present stretch included', () => {
    const build = started().at(1000).begin(T, 'sleepEx', { alertable: true, ms: 1 }).queue(0, T);
    build.at(1500).apcBegins(T, 1).at(1700).apcEnds(T, 1).at(1750).end(T, 'sleepEx', 0xc0);
    build.at(2000).suspended(T, 1, 0).at(2600).suspended(T, 0, 1).at(3000).begin(T, 'sleep', { ms: 1 });
    const { statistics } = build.build();
    expect(statistics.statesNs(3500, T)).toEqual({
      notStarted: 100,
      running: 800 + 250 + 400,
      runningApc: 200,
      alertableWait: 500 + 50,
      wait: 500,
      waitingForStep: 0,
      suspended: 600,
    });
    expect(statistics.statesNs(3500)).toEqual(statistics.statesNs(3500, T));
    expect(statistics.latency().run.count).toBe(1);
  });

  test.each([1, 2, 3, 4, 5, 6])('adds up to each thread’s life (random trace %i)', (seed) => {
    const trace = randomTrace(seed, 3000).build();
    const { table, statistics } = trace;
    const end = trace.history.atCount(table.length);
    const nowNs = table.endNs + 1_000_000;
    let lives = 0;
    for (const { index } of end.threads) {
      const { life } = trace.spans.threads.get(index)!;
      const diedNs = Array.from({ length: life.length }, (_, span) => span)
        .filter((span) => life.parent(span) < 0)
        .map((span) => life.endNs(span))
        .at(-1)!;
      const states = statistics.statesNs(nowNs, index);
      const sum = TIMED_ACTIVITIES.reduce((total, activity) => total + states[activity], 0);
      expect(sum).toBe(Math.min(nowNs, diedNs) - life.startNs(0));
      lives += sum;
    }
    const all = statistics.statesNs(nowNs);
    expect(TIMED_ACTIVITIES.reduce((total, activity) => total + all[activity], 0)).toBe(lives);
  });
});

describe('counts and depths over time', () => {
  it('keep every delivery and every peak', () => {
    const build = started().at(300).begin(T, 'sleepEx', { alertable: true });
    for (let apc = 1; apc <= 3; apc++) build.at(400).queue(0, T);
    build.at(500).apcBegins(T, 1).at(510).apcEnds(T, 1);
    build
      .at(5e9)
      .apcBegins(T, 2)
      .at(5e9 + 10)
      .apcEnds(T, 2);
    const { statistics } = build.build();
    const { delivered, depth } = statistics.thread(T)!;
    const last = Math.floor(5e9 / delivered.widthNs);
    expect([delivered.at(0), delivered.at(last)]).toEqual([1, 1]);
    const peaks = depth.peaks(6e9);
    expect([peaks[0], peaks[1], peaks.at(-1)]).toEqual([3, 2, 1]);
    expect(statistics.all.depth.peaks(6e9)).toEqual(peaks);
  });

  it('lose nothing when a series grows', () => {
    const counts = new CountSeries();
    const peaks = new PeakSeries();
    for (let at = 0; at < 10_000; at++) {
      counts.add(at * 1e6);
      peaks.change(at * 1e6, at % 100);
    }
    const sum = Array.from({ length: SERIES_BUCKETS }, (_, bucket) => counts.at(bucket));
    expect(sum.reduce((total, count) => total + count, 0)).toBe(10_000);
    expect(Math.max(...peaks.peaks(1e10))).toBe(99);
    expect(peaks.peaks(1e10).at(-1)).toBe(99);
  });

  it('place what was lost', () => {
    const { statistics } = started().at(700).lostEvents(T, 12).at(900).lostEvents(T, 5).build();
    expect(statistics).toMatchObject({ lostEvents: 17, gapCount: 2 });
    expect(statistics.gaps).toEqual([
      { thread: T, event: 2, timeNs: 700, lost: 12 },
      { thread: T, event: 3, timeNs: 900, lost: 5 },
    ]);
  });

  test.each([1, 2, 3])('depths agree with the queues at the end (random trace %i)', (seed) => {
    const trace = randomTrace(seed, 2000).build();
    for (const thread of trace.history.atCount(trace.table.length).threads) {
      const waiting = [...thread.userQueue, ...thread.specialQueue].filter(
        ({ state }) => state !== 'in-flight',
      );
      expect(trace.depths.threads.get(thread.index)?.last ?? 0).toBe(waiting.length);
      const peaks = trace.statistics.thread(thread.index)?.depth.peaks(trace.table.endNs) ?? [0];
      expect(peaks.at(-1)).toBeGreaterThanOrEqual(waiting.length);
    }
  });
});

describe('a histogram', () => {
  it('tells percentiles within its error', () => {
    const random = new RandomNumbers(7);
    const values = Array.from({ length: 5000 }, () => Math.floor(2 ** (random.below(5200) / 100)));
    const histogram = new LogHistogram();
    for (const value of values) histogram.record(value);
    values.sort((a, b) => a - b);
    for (const share of [0.01, 0.25, 0.5, 0.9, 0.99, 0.999]) {
      const exact = values[Math.ceil(share * values.length) - 1]!;
      expect(Math.abs(histogram.percentileNs(share)! - exact)).toBeLessThanOrEqual(exact * RELATIVE_ERROR);
    }
    expect([histogram.percentileNs(0), histogram.percentileNs(1)]).toEqual([values[0], values.at(-1)]);
    expect(new LogHistogram().percentileNs(0.5)).toBeUndefined();
  });
});
