/**
 * What is measured and what of it is asked: each row is a ratio of two programs that ran in the same round, or a figure of
 * one.
 *
 * @typedef {Record<string, number>} Figures  what a program prints
 * @typedef {Record<string, Figures>} Round  by program of PROGRAMS
 *
 * @typedef {object} Program
 * @property {'posix' | 'win32'} engine
 * @property {string} file
 * @property {(options: {seconds: number}) => string[]} args
 *
 * @typedef {object} Row
 * @property {string} part  of the issue
 * @property {string} title
 * @property {[string, string?]} of  programs: ours, and the peer's where there is one
 * @property {(round: Round) => number} value  of one round
 * @property {(round: Round) => number} ours
 * @property {(round: Round) => number} [theirs]
 * @property {'APCs/s' | 'ns'} unit  of ours and theirs
 * @property {{least: number} | {most: number}} [goal]
 * @property {boolean} [isRatio]
 */

const WAKES = 2000;
const WIN32_BURST = 5000;
const THREADS = [1, 10, 100, 1000];
const THREADS_BURST = 100_000;

/** @param {number} seconds */
const throughput = (seconds) => ['throughput', '--seconds', String(seconds), '--pin', '1'];
/** @param {number} seconds @param {number} threads */
const ofThreads = (seconds, threads) => [
  ...['--seconds', String(seconds / 2), '--burst', String(THREADS_BURST), '--threads', String(threads)],
];

/** Longer, for its goal is the closest. @param {number} seconds */
const onWin32 = (seconds) => ['--seconds', String(2 * seconds), '--burst', String(WIN32_BURST)];

/**
 * In the order of a round; every other round runs it backwards. Programs that are compared stand next to each other.
 * @type {Record<string, Program>}
 */
export const PROGRAMS = {
  lab: { engine: 'posix', file: 'apc-bench', args: ({ seconds }) => throughput(seconds) },
  untraced: { engine: 'posix', file: 'apc-bench-untraced', args: ({ seconds }) => throughput(seconds) },
  uv: { engine: 'posix', file: 'peer-uv', args: ({ seconds }) => throughput(seconds).slice(1) },
  pumped: {
    engine: 'posix',
    file: 'apc-bench',
    args: ({ seconds }) => [...throughput(seconds), '--pump', '1'],
  },
  asio: { engine: 'posix', file: 'peer-asio', args: ({ seconds }) => throughput(seconds).slice(1) },
  wake: { engine: 'posix', file: 'apc-bench', args: () => ['wake', '--wakes', String(WAKES)] },
  futex: { engine: 'posix', file: 'peer-futex', args: () => ['--wakes', String(WAKES)] },
  event: { engine: 'posix', file: 'apc-bench', args: () => ['event'] },
  ...Object.fromEntries(
    THREADS.flatMap((threads) => [
      [
        `lab${threads}`,
        {
          engine: 'posix',
          file: 'apc-bench',
          args: ({ seconds }) => ['throughput', ...ofThreads(seconds, threads), '--pump', '1'],
        },
      ],
      [
        `plain${threads}`,
        { engine: 'posix', file: 'peer-plain', args: ({ seconds }) => ofThreads(seconds, threads) },
      ],
    ]),
  ),
  win32: {
    engine: 'win32',
    file: 'apc-bench.exe',
    args: ({ seconds }) => ['throughput', ...onWin32(seconds)],
  },
  win32untraced: {
    engine: 'win32',
    file: 'apc-bench-untraced.exe',
    args: ({ seconds }) => ['throughput', ...onWin32(seconds)],
  },
  win32event: { engine: 'win32', file: 'apc-bench.exe', args: () => ['event'] },
  bare: {
    engine: 'win32',
    file: 'peer-win32.exe',
    args: ({ seconds }) => onWin32(seconds),
  },
};

/** @param {string} program @param {string} figure @returns {(round: Round) => number} */
const figure = (program, figure) => (round) => round[program]?.[figure] ?? NaN;

/**
 * @param {string} part @param {string} title @param {string} ours @param {string} theirs @param {Row['goal']} [goal]
 * @returns {Row}
 */
function rate(part, title, ours, theirs, goal) {
  const [own, other] = [figure(ours, 'perSecond'), figure(theirs, 'perSecond')];
  return {
    ...{ part, title, of: [ours, theirs], unit: 'APCs/s', isRatio: true, ours: own, theirs: other },
    value: (round) => own(round) / other(round),
    ...(goal && { goal }),
  };
}

/** How many times as long ours takes. @param {Row} row @param {Row['goal']} [goal] @returns {Row} */
const asTime = (row, goal) => ({ ...row, value: (round) => 1 / row.value(round), ...(goal && { goal }) });

/** @param {string} title @param {string} name @returns {Row} */
function wake(title, name) {
  const [own, other] = [figure('wake', name), figure('futex', name)];
  return {
    ...{ part: 'c', title, of: ['wake', 'futex'], unit: 'ns', isRatio: true, ours: own, theirs: other },
    value: (round) => own(round) / other(round),
    goal: { most: 1.2 },
  };
}

/** @param {string} title @param {(round: Round) => number} ours @param {Row['goal']} [goal] @returns {Row} */
const event = (title, ours, goal) => ({
  ...{ part: 'e', title, of: ['event'], unit: 'ns', ours, theirs: figure('event', 'clockNs'), value: ours },
  ...(goal && { goal }),
});
const whole = figure('event', 'eventNs');
const clock = figure('event', 'clockNs');
const [traced, untraced] = [figure('lab', 'perSecond'), figure('untraced', 'perSecond')];

/** @type {readonly Row[]} */
export const ROWS = [
  rate('a', 'traced, no pump, against libuv', 'lab', 'uv', { least: 1 }),
  rate('a', 'traced, pump running, against libuv', 'pumped', 'uv', { least: 1 }),
  rate('a', 'traced, no pump, against Boost.Asio', 'lab', 'asio', { least: 1 }),
  rate('a', 'traced, pump running, against Boost.Asio', 'pumped', 'asio', { least: 1 }),
  asTime(rate('b', 'traced against untraced, time an APC', 'lab', 'untraced'), { most: 1.25 }),
  {
    ...event(
      'what tracing adds to an APC: two events on either thread',
      (round) => 1e9 / traced(round) - 1e9 / untraced(round),
    ),
    part: 'b',
    of: ['lab', 'untraced'],
  },
  wake('queue to first step against a futex, median', 'wakeMedianNs'),
  wake('queue to first step against a futex, p99', 'wakeP99Ns'),
  asTime(rate('d', 'win32 traced against a bare loop, time an APC', 'win32', 'bare'), { most: 1.05 }),
  asTime(rate('d', 'win32 untraced against a bare loop, time an APC', 'win32untraced', 'bare')),
  event('an event on its thread, its clock_gettime included', whole, { most: 40 }),
  event('the same without clock_gettime', (round) => whole(round) - clock(round)),
  event('the same, two threads at once', figure('event', 'contendedEventNs')),
  ...THREADS.map((threads) =>
    asTime(
      rate(
        'f',
        `to ${threads} in turn, against a queue and a condition each, time an APC`,
        `lab${threads}`,
        `plain${threads}`,
      ),
    ),
  ),
];

/** @param {Row} row @param {number} value */
export function isMet({ goal }, value) {
  if (!goal) return undefined;
  return 'least' in goal ? value >= goal.least : value <= goal.most;
}
