import { describe, expect, test } from 'vitest';
import { TraceBuilder } from '../apc-model/trace-builder.ts';
import { randomTrace } from '../apc-model/random-trace.ts';
import type { Trace } from '../apc-model/trace.ts';
import { buildDrawList, type DrawList, type Label } from './draw-list.ts';
import { EventAxis } from './event-axis.ts';
import { FIRST, SECOND, seedTrace } from './seed-trace.ts';
import { textWidth } from './text-width.ts';
import { timeAxis, type Axis } from './time-axis.ts';
import { fitAll, fitRange, type Viewport } from './viewport.ts';

const MS = 1e6;

/** One lane of comfortable height for each thread, everything in view. */
function drawn(trace: Trace, threads: readonly number[], view: Viewport, heightCss = 130): DrawList {
  const boxes = threads.map((thread, at) => ({ thread, topCss: at * heightCss, heightCss }));
  return buildDrawList(trace, view, boxes, { nowNs: trace.table.endNs });
}
/** 100 pixels for a millisecond from 0 on. */
const byMs = (ms: number): Viewport => ({ axis: timeAxis, widthCss: ms * 100, start: 0, span: ms * MS });

/** Bars of one lane as text, a character each 10 px: the state row, then a line for each row of APCs. */
function picture(list: DrawList, lane = 0): string[] {
  const letters = {
    running: '=',
    call: 'c',
    wait: '-',
    alertable: '/',
    step: '.',
    suspended: '#',
    notStarted: '_',
    apc: 'A',
  };
  const bars = list.bars.filter((bar) => bar.lane === lane);
  const { rows } = list.lanes[lane]!;
  return [rows.stateTop, ...Array.from({ length: rows.apcRows }, (_, row) => rows.apcTop + row * 21)].map(
    (top) => {
      const line = new Array<string>(Math.round(list.view.widthCss / 10)).fill(' ');
      for (const bar of bars) {
        if (bar.yCss < top - 1 || bar.yCss > top + 10) continue;
        const from = Math.max(0, Math.round(bar.xCss / 10));
        for (let at = from; at < Math.min(line.length, Math.round((bar.xCss + bar.widthCss) / 10)); at++) {
          line[at] = letters[bar.look];
        }
      }
      return line.join('').trimEnd();
    },
  );
}

const texts = (labels: readonly ({ label: { text: string } | undefined } | undefined)[]): string[] =>
  labels.flatMap((one) => one?.label?.text ?? []);

describe('a lane', () => {
  const trace = new TraceBuilder()
    .define('routine', 0, 'callback')
    .created(2)
    .at(1 * MS)
    .started(2)
    .at(2 * MS)
    .begin(2, 'sleepEx', { ms: 5000, alertable: true })
    .queue(0, 2)
    .at(4 * MS)
    .apcBegins(2, 1)
    .at(5 * MS)
    .begin(2, 'sleepEx', { ms: 100, alertable: true })
    .queue(0, 2)
    .at(6 * MS)
    .apcBegins(2, 2, 2)
    .at(8 * MS)
    .apcEnds(2, 2, 2)
    .end(2, 'sleepEx', 0xc0)
    .at(9 * MS)
    .apcEnds(2, 1)
    .at(10 * MS)
    .end(2, 'sleepEx', 0xc0)
    .at(11 * MS)
    .begin(2, 'sleep', { ms: 3 })
    .at(14 * MS)
    .end(2, 'sleep')
    .at(15 * MS)
    .ended(2)
    .build();
  const list = drawn(trace, [2], byMs(16), 160);

  test('shows states in its first row and APCs by depth below', () => {
    expect(picture(list)).toEqual([
      '__________==========' + '/'.repeat(80) + '==========' + '-'.repeat(30) + '==========',
      ' '.repeat(40) + 'A'.repeat(10) + '/'.repeat(30) + 'A'.repeat(10),
      ' '.repeat(60) + 'A'.repeat(20),
    ]);
  });

  test('writes calls with their time limits, and what a plain wait returned', () => {
    expect(texts(list.bars)).toContain('SleepEx(5000, TRUE), alertable');
    expect(texts(list.bars)).toContain('Sleep(3), not alertable → returned after 3 ms');
    expect(texts(list.bars)).toContain('APC 2: callback');
  });

  test('joins what one wait delivered by one bracket up to its return, with its result', () => {
    const outer = list.brackets.find((one) => one.xCss === 400)!;
    expect(outer.widthCss).toBe(600);
    expect(outer.apcs).toBe(1);
    expect(list.pills.map(({ label }) => label.text)).toContain(
      'SleepEx(5000) → WAIT_IO_COMPLETION after 8 ms',
    );
  });

  test('shows each APC in the queue from its queuing to its delivery, with an arrow down to its begin', () => {
    expect(list.waiting.map(({ apc, xCss, widthCss, end }) => [apc, xCss, widthCss, end])).toEqual([
      [1, 200, 200, 'delivered'],
      [2, 500, 100, 'delivered'],
    ]);
    const arrows = list.arrows.filter(({ kind }) => kind === 'deliver');
    expect(arrows.map(({ apc, toXCss }) => [apc, toXCss])).toEqual([
      [1, 400],
      [2, 600],
    ]);
  });

  test('keeps everything in its own box, and every label in view', () => {
    for (const item of [...list.bars, ...list.waiting, ...list.pills, ...list.brackets]) {
      expect(item.yCss).toBeGreaterThanOrEqual(0);
      expect(item.yCss + item.heightCss).toBeLessThanOrEqual(160);
    }
    for (const pill of list.pills) expect(pill.xCss + pill.widthCss).toBeLessThanOrEqual(1600);
  });
});

test('a wait that timed out says so in a pill without a bracket', () => {
  const build = new TraceBuilder().created(2).started(2).begin(2, 'sleepEx', { ms: 5, alertable: true });
  const list = drawn(
    build
      .at(5 * MS)
      .end(2, 'sleepEx', 0)
      .at(6 * MS)
      .ended(2)
      .build(),
    [2],
    byMs(8),
  );
  expect(list.brackets).toEqual([]);
  expect(list.pills.map(({ kind, label }) => [kind, label.text])).toEqual([
    ['result', 'SleepEx(5) → 0 after 5 ms'],
  ]);
});

test('a failed wait and a failed queuing are marked, with the error', () => {
  const build = new TraceBuilder()
    .created(2)
    .started(2)
    .at(2 * MS)
    .queue(2, 3, 0, { fails: 31 });
  build.at(4 * MS).begin(2, 'waitForSingleObjectEx', { ms: 9, alertable: true });
  const list = drawn(
    build
      .at(7 * MS)
      .end(2, 'waitForSingleObjectEx', 0xffffffff, 6)
      .at(9 * MS)
      .ended(2)
      .build(),
    [2],
    byMs(10),
  );
  expect(list.marks.filter(({ kind }) => kind === 'failed').map(({ count }) => count)).toEqual([1, 1]);
  expect(list.bars.some(({ failed }) => failed)).toBe(true);
  expect(list.pills[0]!.label.text).toBe(
    'WaitForSingleObjectEx(9) → WAIT_FAILED (ERROR_INVALID_HANDLE) after 3 ms',
  );
});

test('a hand-driven thread waits for your next step, and never in a call of the lab', () => {
  const build = new TraceBuilder()
    .createdByHand(2)
    .started(2)
    .at(4 * MS)
    .begin(2, 'sleep', { ms: 1 });
  const list = drawn(
    build
      .at(5 * MS)
      .end(2, 'sleep')
      .at(9 * MS)
      .mailbox(2, 0)
      .build(),
    [2],
    byMs(9),
  );
  expect(picture(list)[0]).toBe('.'.repeat(40) + '-'.repeat(10) + '.'.repeat(40));
  expect(texts(list.bars)).toContain('waiting for your next step (not alertable)');
  expect(list.bars.filter(({ look, open }) => look === 'step' && open)).toHaveLength(1);
});

test('suspension lies over whatever the thread was in, and labels keep clear of it', () => {
  const build = new TraceBuilder().created(2).started(2).begin(2, 'sleep', { ms: 9 });
  build
    .at(2 * MS)
    .suspended(2, 1, 0)
    .at(4 * MS)
    .suspended(2, 0, 1)
    .at(9 * MS)
    .end(2, 'sleep')
    .ended(2);
  const list = drawn(build.build(), [2], byMs(9));
  expect(picture(list)[0]).toBe('-'.repeat(20) + '#'.repeat(20) + '-'.repeat(50));
  const sleep = list.bars.find(({ look }) => look === 'wait')!;
  expect(sleep.label!.xCss).toBeGreaterThan(400);
});

test('an APC queued by another thread comes by an arrow from its lane', () => {
  const build = new TraceBuilder()
    .created(2)
    .created(3)
    .started(2)
    .started(3)
    .at(3 * MS)
    .queue(2, 3);
  const list = drawn(
    build
      .at(6 * MS)
      .log(3, 0)
      .build(),
    [2, 3],
    byMs(8),
  );
  const [arrow] = list.arrows.filter(({ kind }) => kind === 'queue');
  expect(arrow!.fromXCss).toBe(300);
  expect(arrow!.fromYCss).toBeLessThan(130);
  expect(arrow!.toYCss).toBeGreaterThan(130);
  expect(list.waiting[0]!.end).toBe('pending');
  expect(list.waiting[0]!.label!.text).toContain('from thread 2');
});

describe('the seed', () => {
  const trace = seedTrace();

  test.each<[string, Axis]>([
    ['time', timeAxis],
    ['events', new EventAxis(trace.table)],
  ])('tells its story on the %s axis', (_, axis) => {
    const list = drawn(trace, [FIRST, SECOND], fitAll(axis, 1100, trace.table.endNs * 1.1));
    const first = list.waiting.find(({ lane }) => lane === 0)!;
    const sleep = list.bars.find(({ lane, look }) => lane === 0 && look === 'wait')!;
    // The APC waits through the whole sleep, and beyond it until the thread ends.
    expect(first.end).toBe('lost');
    expect(first.xCss).toBeLessThanOrEqual(sleep.xCss);
    expect(first.xCss + first.widthCss).toBeGreaterThanOrEqual(sleep.xCss + sleep.widthCss);
    expect(sleep.label!.text).toContain('Sleep(5000), not alertable');
    expect(texts(list.marks)).toContain('APC 1 lost');
    expect(list.pills.map(({ lane, label }) => [lane, label.text])).toEqual([
      [1, 'SleepEx(9999999) → WAIT_IO_COMPLETION after 3.8 µs'],
    ]);
    expect(list.brackets).toHaveLength(1);
  });

  test('on the event axis every span of it is wide enough to see', () => {
    const list = drawn(trace, [FIRST, SECOND], fitAll(new EventAxis(trace.table), 1100, trace.table.endNs));
    expect(list.folds).toEqual([]);
    expect(Math.min(...list.bars.map(({ widthCss }) => widthCss))).toBeGreaterThan(15);
  });
});

/** A worker that waits alertably and runs one APC, `count` times; every 1,000th APC is lost, at the end of its own thread. */
function busyTrace(count: number): Trace {
  const trace = new TraceBuilder().created(2).started(2).build();
  let apc = 0;
  let nowNs = 1000;
  for (let done = 0; done < count;) {
    const build = new TraceBuilder();
    for (let at = 0; at < 1000 && done < count; at++, done++) {
      build
        .at((nowNs += 200))
        .queueing(0, 2, ++apc)
        .queued(0, apc);
      build.at((nowNs += 100)).begin(2, 'sleepEx', { ms: 5, alertable: true });
      build
        .at((nowNs += 100))
        .apcBegins(2, apc)
        .at((nowNs += 500))
        .apcEnds(2, apc);
      build.at((nowNs += 100)).end(2, 'sleepEx', 0xc0);
    }
    build
      .at((nowNs += 10))
      .lostEvents(2, 7)
      .queueing(0, 2, ++apc)
      .queued(0, apc)
      .apcLost(2, apc);
    trace.appendRows(build.rows);
  }
  return trace;
}

describe('folding', () => {
  const trace = busyTrace(20_000);
  const { life } = trace.spans.threads.get(2)!;

  test.each([
    ['all in 300 px', 300, 1],
    ['all in 1,900 px', 1900, 1],
    ['a tenth', 1200, 10],
    ['a thousandth', 1200, 1000],
  ])('counts add up: %s', (_, widthCss, part) => {
    const { endNs } = trace.table;
    const view = fitRange(fitAll(timeAxis, widthCss, endNs), 0, endNs / part);
    const list = drawn(trace, [2], view);
    const counted = list.bars.length + list.folds.reduce((sum, fold) => sum + fold.count, 0);
    const inView = life.firstStartingFrom(endNs / part + 1);
    // Spans that begin in the cell on the right edge are folded whole.
    expect(counted).toBeGreaterThanOrEqual(inView);
    expect(counted).toBeLessThanOrEqual(inView + 2 * (life.length / part / widthCss) * 6 + 4);
    const apcs =
      list.folds.reduce((sum, fold) => sum + fold.apcs, 0) +
      list.bars.filter(({ look }) => look === 'apc').length;
    const waits = list.folds.reduce((sum, fold) => sum + fold.count - fold.apcs, 0);
    expect(
      Math.abs(apcs - (waits + list.bars.filter(({ look }) => look === 'alertable').length)),
    ).toBeLessThanOrEqual(2);
  });

  test('the list follows pixels, not events', () => {
    const { endNs } = trace.table;
    const size = (trace: Trace): number => {
      const list = drawn(trace, [2], fitAll(timeAxis, 1000, trace.table.endNs));
      return (
        list.bars.length + list.folds.length + list.waiting.length + list.arrows.length + list.marks.length
      );
    };
    expect(endNs).toBeGreaterThan(0);
    expect(size(trace)).toBeLessThan(1000);
    expect(size(busyTrace(2000))).toBeLessThan(1000);
  });

  test.each([40, 400, 1900])('no lost APC and no gap is hidden at %d px', (widthCss) => {
    const list = drawn(trace, [2], fitAll(timeAxis, widthCss, trace.table.endNs));
    expect(list.marks.filter(({ kind }) => kind === 'lost').reduce((sum, { count }) => sum + count, 0)).toBe(
      20,
    );
    expect(list.gaps.reduce((sum, { count }) => sum + count, 0)).toBe(20);
    expect(list.gaps.reduce((sum, { lostEvents }) => sum + lostEvents, 0)).toBe(140);
    const labels = list.gaps.flatMap(({ label }) => label ?? []);
    if (widthCss >= 400) expect(labels.length).toBeGreaterThan(0);
    for (const [at, { text, xCss, sizePx, weight }] of labels.entries()) {
      expect(text).toMatch(/lost$/);
      expect(xCss + textWidth(text, sizePx, weight)).toBeLessThanOrEqual(labels[at + 1]?.xCss ?? widthCss);
    }
  });

  test('a dense stretch says how much it holds, and its queue is a curve', () => {
    const list = drawn(trace, [2], fitAll(timeAxis, 1000, trace.table.endNs));
    expect(list.notes.map(({ text }) => text.replaceAll('\u2009', ' '))).toContain('20 000 APCs');
    expect(list.waiting).toEqual([]);
    expect(list.depths[0]!.largest).toBe(1);
  });

  test('how much a wait holds is not written over the wait’s own text', () => {
    const build = new TraceBuilder().define('routine', 0, 'callback').created(2).started(2);
    build.begin(2, 'sleepEx', { ms: 9_999_999, alertable: true });
    for (let apc = 1; apc <= 5000; apc++)
      build
        .at(apc * 1000)
        .queueing(0, 2, apc)
        .apcBegins(2, apc)
        .at(apc * 1000 + 200)
        .apcEnds(2, apc);
    const dense = build
      .at(6 * MS)
      .end(2, 'sleepEx', 0xc0)
      .build();
    const list = drawn(dense, [2], fitAll(timeAxis, 300, dense.table.endNs));
    const note = list.notes.find(({ text }) => text.endsWith('APCs'))!;
    const label = list.bars.find(({ look }) => look === 'alertable')!.label!;
    const right = ({ text, xCss, sizePx, weight }: Label): number => xCss + textWidth(text, sizePx, weight);
    expect(label.text).toContain('SleepEx');
    expect(Math.abs(label.baselineCss - note.baselineCss)).toBeLessThan(5);
    expect(label.xCss > right(note) || right(label) < note.xCss).toBe(true);
  });

  test('shares say how the time was spent: the wait 700 ns of 1,000', () => {
    const list = drawn(trace, [2], fitAll(timeAxis, 1000, trace.table.endNs));
    const fold = list.folds[100]!;
    expect(fold.shares[3]).toBeCloseTo(0.7, 1);
    expect(fold.shares[0]).toBeCloseTo(0.3, 1);
  });

  test('panning shows the same folds, moved', () => {
    const view = fitAll(timeAxis, 1000, trace.table.endNs);
    const moved = { ...view, start: view.start + (view.span / 1000) * 17 };
    const [before, after] = [drawn(trace, [2], view), drawn(trace, [2], moved)].map(
      (list) => new Map(list.folds.map((fold) => [fold.first, fold])),
    );
    let compared = 0;
    for (const [first, fold] of after!) {
      const old = before!.get(first);
      if (old === undefined) continue;
      expect(fold.xCss).toBeCloseTo(old.xCss - 17, 6);
      expect(fold.count).toBe(old.count);
      compared++;
    }
    expect(compared).toBeGreaterThan(200);
  });
});

describe.each(['time', 'events'] as const)('a session that grows, on the axis of %s', (kind) => {
  const axes = new WeakMap<Trace, EventAxis>();
  const axisOf = (trace: Trace): Axis => {
    if (kind === 'time') return timeAxis;
    const axis = axes.get(trace) ?? new EventAxis(trace.table);
    axes.set(trace, axis);
    axis.follow();
    return axis;
  };
  const VIEWS: Record<string, (all: Viewport) => Viewport> = {
    'all of it, in cells that grow': (all) => all,
    'its begin, in cells that stay': (all) => fitRange(all, 0, 100 * MS),
    'a part of it': (all) => fitRange(all, 100 * MS, 300 * MS),
  };
  const listOf = (trace: Trace, shown: (all: Viewport) => Viewport) => {
    const view = shown(fitAll(axisOf(trace), 700, trace.table.endNs));
    return { ...drawn(trace, [2, 3, 4, 5], view), view: undefined };
  };

  test.each(Object.entries(VIEWS))('is drawn frame by frame as it would be at once: %s', (_, shown) => {
    const { rows } = randomTrace(1, 12_000);
    const growing = new TraceBuilder().build();
    let folds = 0;
    for (let end = 300; end <= rows.length; end += 300) {
      growing.appendRows(rows.slice(growing.table.length, end));
      const atOnce = new TraceBuilder().build();
      atOnce.appendRows(rows.slice(0, end));
      const list = listOf(growing, shown);
      expect(list).toEqual(listOf(atOnce, shown));
      folds += list.folds.length;
    }
    expect(folds).toBeGreaterThan(100);
  });
});

test('an APC that a timer is to queue is in flight, one without a routine vanishes', () => {
  const trace = new TraceBuilder()
    .define('routine', 0, 'tick')
    .created(2)
    .started(2)
    .at(1 * MS)
    .armed(2, 1)
    .at(2 * MS)
    .queueing(2, 2, 2, 0xffff, { call: 'ntQueueApcThread' })
    .at(8 * MS)
    .queued(2, 2, 'ntQueueApcThread')
    .at(9 * MS)
    .log(2, 0)
    .build();
  const list = drawn(trace, [2], byMs(10));
  expect(list.waiting.map(({ apc, end, label }) => [apc, end, label?.text])).toEqual([
    [1, 'pending', 'APC 1: tick, in flight'],
    [2, 'vanished', 'APC 2: NULL, without a routine: vanished'],
  ]);
});

test('a call that returns FALSE for a failure is marked with its error', () => {
  const trace = new TraceBuilder()
    .created(2)
    .started(2)
    .at(1 * MS)
    .begin(2, 'releaseMutex')
    .at(2 * MS)
    .end(2, 'releaseMutex', 0, 288)
    .begin(2, 'peekMessage')
    .end(2, 'peekMessage', 0)
    .build();
  const marks = drawn(trace, [2], byMs(10)).marks.filter(({ kind }) => kind === 'failed');
  expect(texts(marks)).toEqual(['ReleaseMutex failed: ERROR_NOT_OWNER']);
});
