import { TraceBuilder } from '../apc-model/trace-builder.ts';
import type { Trace } from '../apc-model/trace.ts';

/**
 * The seed experiment by hand, event by event as the posix engine publishes it: the first thread sleeps 5 s
 * non-alertably and loses its APC, the second one's runs at once. For tests.
 */
export const FIRST = 2;
export const SECOND = 3;
const CONTROLLER = 1;

export function seedTrace(): Trace {
  const build = new TraceBuilder({
    title: 'Two threads that sleep: one thread plainly, one thread alertably',
    engineLabel: 'posix emulation',
    os: 'Linux 6.1.0-28-amd64',
    startedUnixMs: Date.UTC(2026, 10, 22, 21, 41),
  });
  build.at(0).define('thread', CONTROLLER, 'controller').define('thread', FIRST, 'plain_sleeper_thread');
  build.define('thread', SECOND, 'listening_thread').define('routine', 0, 'callback');
  const texts = [
    'Thread {threadId} begins here.',
    'Queued a callback to the plain sleeper thread {threadId}.',
    'The plain sleep begins here.',
    'The plain sleep is over now.',
    'Queued a callback to the listener thread {threadId}.',
    'Listening sleep begins.',
    'The callback runs just now',
    'Listening sleep took {elapsedNs} ns.',
  ];
  for (const [id, text] of texts.entries()) build.define('text', id, text);

  const firstId = 1002n;
  const secondId = 1003n;
  build.at(31_000).created(FIRST, { routine: 1 });
  build.at(94_000).started(FIRST).at(97_300).log(FIRST, 0, firstId);
  build.at(98_100).queueing(FIRST, FIRST, 1, 0).at(98_900).queued(FIRST, 1);
  build.at(99_600).log(FIRST, 1, firstId).at(100_400).log(FIRST, 2);
  build.at(101_000).begin(FIRST, 'sleep', { ms: 5000 }).at(5_000_171_000).end(FIRST, 'sleep');
  build.at(5_000_173_000).log(FIRST, 3).at(5_000_176_000).apcLost(FIRST, 1).at(5_000_177_000).ended(FIRST);

  build.at(5_000_233_000).created(SECOND, { routine: 2 });
  build.at(5_000_292_000).started(SECOND).at(5_000_294_000).log(SECOND, 0, secondId);
  build.at(5_000_294_900).queueing(SECOND, SECOND, 2, 0).at(5_000_295_600).queued(SECOND, 2);
  build.at(5_000_296_300).log(SECOND, 4, secondId).at(5_000_297_000).log(SECOND, 5);
  build.at(5_000_297_700).begin(SECOND, 'sleepEx', { ms: 9_999_999, alertable: true });
  build
    .at(5_000_299_100)
    .apcBegins(SECOND, 2)
    .at(5_000_300_200)
    .log(SECOND, 6)
    .at(5_000_300_900)
    .apcEnds(SECOND, 2);
  build.at(5_000_301_500).end(SECOND, 'sleepEx', 0xc0);
  build.at(5_000_302_700).log(SECOND, 7, 3800n).at(5_000_304_000).ended(SECOND);
  return build.build();
}
