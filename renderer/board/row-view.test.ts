import { expect, test } from 'vitest';
import { TraceBuilder } from '../../apc-model/trace-builder.ts';
import type { Trace } from '../../apc-model/trace.ts';
import { FIRST, SECOND, seedTrace } from '../../timeline/seed-trace.ts';
import { rowsOf } from './rows.ts';
import { rowView, type RowView } from './row-view.ts';

function viewAt(trace: Trace, thread: number, count: number): RowView {
  const live = trace.history.atCount(trace.table.length);
  const at = trace.history.atCount(count);
  const row = rowsOf(live, at).find((one) => one.thread.index === thread)!;
  return rowView(trace, row, count, at.timeNs);
}

/** The row as one line: `gate | user queue | running | lost`. */
function line(view: RowView): string {
  const ids = (chips: RowView['user']): string => chips.map((chip) => chip.apc).join(',') || '-';
  return `${view.isGateOpen ? 'open' : 'closed'} | ${ids(view.user)} | ${ids(view.running)} | ${ids(view.lost)}`;
}

const hand = () =>
  new TraceBuilder()
    .define('thread', 2, 'worker')
    .define('routine', 0, 'callback')
    .createdByHand(2)
    .started(2);

test('the seed: one APC waits before a closed gate and is lost, the other passes an open one', () => {
  const trace = seedTrace();
  const { table } = trace;
  const asleep = table.countAt(1e9);
  expect(line(viewAt(trace, FIRST, asleep))).toBe('closed | 1 | - | -');
  expect(viewAt(trace, FIRST, asleep).words).toBe('Sleep(5000), not alertable, for another 5 s');
  expect(viewAt(trace, SECOND, asleep).words).toBe('not created yet at this instant');

  expect(line(viewAt(trace, FIRST, table.length))).toBe('closed | - | - | 1');
  expect(viewAt(trace, FIRST, table.length).outcome).toMatchObject({
    call: 'Sleep',
    result: undefined,
    byApc: false,
  });

  const running = table.countAt(5_000_299_500);
  expect(line(viewAt(trace, SECOND, running))).toBe('open | - | 2 | -');
  const ended = viewAt(trace, SECOND, table.length);
  expect(line(ended)).toBe('closed | - | - | -');
  expect(ended.lastRan?.apc).toBe(2);
  expect(ended.outcome).toEqual({
    call: 'SleepEx',
    result: 'WAIT_IO_COMPLETION',
    afterText: '3.8 µs',
    byApc: true,
  });
});

test('losses that are told after the thread ended are shown like those told before', () => {
  const before = hand().queue(0, 2).queue(0, 2).apcLost(2, 1).apcLost(2, 2).ended(2).build();
  const after = hand().queue(0, 2).queue(0, 2).ended(2).apcLost(2, 1).apcLost(2, 2).build();
  for (const trace of [before, after])
    expect(line(viewAt(trace, 2, trace.table.length))).toBe('closed | - | - | 1,2');
});

test('the gate follows the innermost wait', () => {
  const nested = hand()
    .queue(0, 2)
    .begin(2, 'sleepEx', { ms: 0xffffffff, alertable: true })
    .apcBegins(2, 1)
    .queue(0, 2)
    .begin(2, 'sleep', { ms: 100 })
    .build();
  const length = nested.table.length;
  expect(line(viewAt(nested, 2, length))).toBe('closed | 2 | 1 | -');
  // Before its plain sleep the APC runs in an alertable wait: the next one follows it.
  expect(line(viewAt(nested, 2, length - 1))).toBe('open | 2 | 1 | -');
});

test('an alertable wait of a suspended thread lets nothing through', () => {
  const trace = hand()
    .begin(2, 'sleepEx', { ms: 0xffffffff, alertable: true })
    .suspended(2, 1, 0)
    .queue(0, 2)
    .build();
  expect(line(viewAt(trace, 2, trace.table.length))).toBe('closed | 1 | - | -');
});

test('a wait that the thread’s end cut off came to nothing', () => {
  const trace = hand()
    .begin(2, 'sleepEx', { ms: 0xffffffff, alertable: true })
    .ended(2, 0, 'terminated')
    .build();
  expect(viewAt(trace, 2, trace.table.length).outcome).toBeUndefined();
});
