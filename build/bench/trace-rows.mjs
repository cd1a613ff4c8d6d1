/**
 * What `npm run bench -- trace` measures. A run is one program with its arguments, in a process of its own; a row shows one
 * figure of a run. To add a row, add a run that prints the figure as JSON, and the row.
 *
 * @typedef {object} Run
 * @property {string} program  `<program>.ts` in this folder, bundled and run on Node
 * @property {readonly string[]} args
 *
 * @typedef {object} Row
 * @property {string} title
 * @property {string} run  key of RUNS
 * @property {string} figure  what the run calls it
 * @property {string} unit
 * @property {number} [goal]  at most this
 * @property {string} [peer]  key of RUNS: who is measured beside it, by the same figure
 */

const SIZES = /** @type {const} */ ({ '10k': 10_000, '100k': 100_000, '1M': 1_000_000, '10M': 10_000_000 });
const SHAPES = /** @type {const} */ (['apcs', 'calls']);

/** @param {string} kind @param {string} shape @param {number} events @param {number} threads @param {number} deepest @returns {Run} */
const model = (kind, shape, events, threads = 8, deepest = 8) => ({
  program: 'trace-model',
  args: [kind, shape, events, threads, deepest].map(String),
});

/** @type {Record<string, Run>} */
export const RUNS = {
  ...Object.fromEntries(
    SHAPES.flatMap((shape) =>
      Object.entries(SIZES).map(([size, events]) => [`${shape} ${size}`, model('trace', shape, events)]),
    ),
  ),
  ...Object.fromEntries(SHAPES.map((shape) => [`objects ${shape} 1M`, model('objects', shape, SIZES['1M'])])),
  'deep queues': model('trace', 'apcs', SIZES['10M'], 64, 10_000),
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
];
