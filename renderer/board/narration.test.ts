import { expect, test } from 'vitest';
import { TraceBuilder } from '../../apc-model/trace-builder.ts';
import { narrate } from './narration.ts';

const hand = () => new TraceBuilder().define('thread', 2, 'worker-2').define('routine', 0, 'callback');
const tell = (build: TraceBuilder, from = 0): string[] => {
  const { table } = build.build();
  return narrate(table, from, table.length);
};

test('a drain is one sentence with the APCs in order', () => {
  const build = hand().begin(2, 'sleepEx', { ms: 5000, alertable: true });
  for (const apc of [4, 5, 6]) build.apcBegins(2, apc).apcEnds(2, apc);
  build.end(2, 'sleepEx', 0xc0);
  expect(tell(build)).toEqual([
    'worker-2 entered SleepEx(5000, TRUE), alertable',
    'worker-2: 3 APCs delivered: 4, 5, 6',
    'worker-2: SleepEx returned WAIT_IO_COMPLETION (0xC0)',
  ]);
});

test('what is lost and what ended is told', () => {
  const build = hand().createdByHand(2).started(2).queue(0, 2).ended(2).apcLost(2, 1);
  expect(tell(build)).toEqual([
    'worker-2 created',
    'APC 1 queued by main',
    'worker-2 ended, exit code 0',
    'APC 1 lost: worker-2 ended before it ran',
  ]);
});

test('a flood becomes a count and its last sentences', () => {
  const build = hand();
  for (let apc = 0; apc < 500; apc++) build.queue(0, 2);
  expect(tell(build)).toEqual([
    '500 things happened; the last:',
    'APC 499 queued by main',
    'APC 500 queued by main',
  ]);
});

test('of a flood that nobody could listen to, only the last events are looked at', () => {
  const build = hand();
  for (let apc = 0; apc < 5000; apc++) build.queue(0, 2);
  expect(tell(build, 2)).toEqual([
    '10000 events happened; the last:',
    'APC 4999 queued by main',
    'APC 5000 queued by main',
  ]);
});
