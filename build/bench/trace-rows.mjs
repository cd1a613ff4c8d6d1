import { runProgram } from './node-programs.mjs';
import { openHere, openInSpeedscope } from './opening.mjs';
import { measureStream } from './stream.mjs';

/**
 * What `npm run bench -- trace` measures. A row shows one figure of a run. To add a row, add a run whose answer has the figure,
 * and the row.
 *
 * @typedef {Record<string, number>} Figures
 *
 * @typedef {object} Run
 * @property {boolean} inWindow  it needs the real Electron
 * @property {() => Figures | Promise<Figures>} measure
 *
 * @typedef {object} Row
 * @property {string} title
 * @property {string} run  key of RUNS
 * @property {string} figure  what the run calls it
 * @property {string} unit
 * @property {number} [goal]  at most this
 * @property {boolean} [isLeast]  the goal is at least this
 * @property {string} [peer]  key of RUNS: who is measured beside it, by the same figure
 */

const SIZES = /** @type {const} */ ({ '10k': 10_000, '100k': 100_000, '1M': 1_000_000, '10M': 10_000_000 });
const SHAPES = /** @type {const} */ (['apcs', 'calls']);

/** @param {string} kind @param {string} shape @param {number} events @param {number} threads @param {number} deepest @returns {Run} */
const model = (kind, shape, events, threads = 8, deepest = 8) => ({
  inWindow: false,
  measure: () => runProgram('trace-model', [kind, shape, events, threads, deepest].map(String)),
});

/** @typedef {import('./stream.mjs').Load} Load @type {Record<string, Load>} */
const LOADS = {
  '1k': { threads: 1, apcs: 1, sleepMs: 8, seconds: 10, sampled: 1 },
  '100k': { threads: 1, apcs: 28, sleepMs: 1, seconds: 10, sampled: 5 },
  '1M': { threads: 2, apcs: 150, sleepMs: 1, seconds: 60, sampled: 500 },
  '3M': { threads: 2, apcs: 800, sleepMs: 1, seconds: 10, sampled: 200 },
};

/** @param {() => Promise<Figures>} measure @returns {Run} */
const inWindow = (measure) => ({ inWindow: true, measure });
const OPENED = /** @type {const} */ (['1M', '10M']);

/** @type {Record<string, Run>} */
export const RUNS = {
  ...Object.fromEntries(
    SHAPES.flatMap((shape) =>
      Object.entries(SIZES).map(([size, events]) => [`${shape} ${size}`, model('trace', shape, events)]),
    ),
  ),
  ...Object.fromEntries(SHAPES.map((shape) => [`objects ${shape} 1M`, model('objects', shape, SIZES['1M'])])),
  'deep queues': model('trace', 'apcs', SIZES['10M'], 64, 10_000),
  ...Object.fromEntries(
    Object.entries(LOADS).map(([rate, load]) => [`stream ${rate}`, inWindow(() => measureStream(load))]),
  ),
  ...Object.fromEntries(
    OPENED.flatMap((size) => [
      [`opening ${size}`, inWindow(() => openHere(SIZES[size]))],
      [`speedscope ${size}`, inWindow(() => openInSpeedscope(SIZES[size]))],
    ]),
  ),
};

/** @type {readonly Row[]} */
export const ROWS = [
  ...SHAPES.flatMap((shape) =>
    Object.keys(SIZES).map((size) => ({
      title: `memory, ${size} events, mostly ${shape}`,
      run: `${shape} ${size}`,
      figure: 'bytesAnEvent',
      unit: 'B an event',
      ...(size === '10M' && { goal: 40 }),
      ...(size === '1M' && { peer: `objects ${shape} 1M` }),
    })),
  ),
  ...SHAPES.flatMap((shape) =>
    Object.keys(SIZES).map((size) => ({
      title: `taking in, ${size} events, mostly ${shape}`,
      run: `${shape} ${size}`,
      figure: 'medianNs',
      unit: 'ns an event',
      ...(size === '10M' && { goal: 200 }),
      ...(size === '1M' && { peer: `objects ${shape} 1M` }),
    })),
  ),
  ...SHAPES.map((shape) => ({
    title: `longest batch of 8,192 events, 10M, mostly ${shape}`,
    run: `${shape} 10M`,
    figure: 'worstBatchMs',
    unit: 'ms',
  })),
  {
    title: 'memory, 10M events, 64 threads, queues to 10,000',
    run: 'deep queues',
    figure: 'bytesAnEvent',
    unit: 'B an event',
    goal: 40,
  },
  ...['atP50Ms', 'atP95Ms', 'atMaxMs'].map((figure, place) => ({
    title: `state at a random instant, same, ${['half', '95 %', 'all'][place]} below`,
    run: 'deep queues',
    figure,
    unit: 'ms',
    ...(figure === 'atP95Ms' && { goal: 8 }),
  })),
  ...Object.keys(LOADS).flatMap((rate) => streamRows(rate)),
  ...OPENED.flatMap((size) => [
    {
      title: `opening ${size} events: first picture`,
      run: `opening ${size}`,
      figure: 'firstMs',
      unit: 'ms',
      goal: size === '1M' ? 300 : 2000,
      peer: `speedscope ${size}`,
    },
    {
      title: `opening ${size} events: the last of them`,
      run: `opening ${size}`,
      figure: 'wholeMs',
      unit: 'ms',
      peer: `speedscope ${size}`,
    },
  ]),
];

/** @param {string} rate @returns {Row[]} */
function streamRows(rate) {
  const row = (
    /** @type {string} */ title,
    /** @type {string} */ figure,
    /** @type {string} */ unit,
    more = {},
  ) => ({
    ...{ title: `stream ${rate}: ${title}`, run: `stream ${rate}`, figure, unit, ...more },
  });
  return [
    row('events that came', 'eventsASecond', 'a second', rate === '1M' && { goal: 1e6, isLeast: true }),
    row('missing in the page or on disk', 'notInPage', 'events', { goal: 0 }),
    row('from a thread to the page, half below', 'delayP50Ms', 'ms'),
    row('95 % below', 'delayP95Ms', 'ms', { goal: 33 }),
    row('99 % below', 'delayP99Ms', 'ms'),
    row('to the picture, 95 % below', 'pictureP95Ms', 'ms'),
    row('between two frames, 95 % below', 'frameP95Ms', 'ms', { goal: 16.7 }),
    row('all processes', 'cpuPercent', '% of a core'),
    row('the page', 'pagePercent', '% of a core'),
    row('the page’s memory', 'pageMiB', 'MiB'),
    row('on disk', 'diskBytesAnEvent', 'B an event'),
  ];
}
