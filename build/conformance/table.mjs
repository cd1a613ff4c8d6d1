import { CASES, FACTS, splitName } from './coverage.mjs';

/**
 * @typedef {import('./coverage.mjs').Coverage} Coverage
 * @typedef {import('./coverage.mjs').Entry} Entry
 * @typedef {import('./engines.mjs').EngineResults} EngineResults
 */

/** What one engine says of one fact or case. */
export const Verdict = /** @type {const} */ ({
  agrees: 'agrees',
  differs: 'differs as documented',
  absent: 'absent',
  failed: 'FAILED',
  unreachable: 'unreachable',
});

/**
 * The worst of all that shows it: one failure fails it; one documented difference is one; it is absent where nothing could
 * be run.
 * @param {Entry} entry
 * @param {EngineResults} engine
 */
export function verdictOf(entry, engine) {
  const { scenarios = [], tests = [] } = entry;
  if (scenarios.length + tests.length === 0) return Verdict.unreachable;
  const statuses = [
    ...scenarios.map((name) => engine.scenarios.get(splitName(name)[0])?.status ?? 'failed'),
    ...tests.map((name) => testStatus(engine.tests.get(splitName(name)[1]))),
  ];
  if (statuses.includes('failed')) return Verdict.failed;
  const differs = entry.differs !== undefined && engine.label.includes(entry.differs);
  if (differs || statuses.includes('differs')) return Verdict.differs;
  return statuses.includes('passed') ? Verdict.agrees : Verdict.absent;
}

/** @param {boolean | undefined} passed */
const testStatus = (passed) => (passed === undefined ? 'skipped' : passed ? 'passed' : 'failed');

/** How many facts each verdict has on an engine. @param {Coverage} coverage @param {EngineResults} engine */
export function tally(coverage, engine) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const number of FACTS) {
    const verdict = verdictOf(/** @type {Entry} */ (coverage.facts[number]), engine);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return counts;
}

/** The table for the terminal: a line each. @param {Coverage} coverage @param {readonly EngineResults[]} engines */
export function terminalTable(coverage, engines) {
  const width = Math.max(...engines.map(({ label }) => label.length), 22);
  const line = (
    /** @type {string} */ number,
    /** @type {string} */ confidence,
    /** @type {string[]} */ cells,
    title = '',
  ) =>
    [number.padStart(5), confidence.padEnd(5), ...cells.map((cell) => cell.padEnd(width)), title]
      .join('  ')
      .trimEnd();
  const row = (/** @type {string} */ number, /** @type {Entry} */ entry) =>
    line(
      number,
      entry.confidence ?? '',
      engines.map((engine) => verdictOf(entry, engine)),
      entry.title,
    );
  return [
    line(
      'fact',
      'conf.',
      engines.map(({ label }) => label),
    ),
    ...FACTS.map((number) => row(number, /** @type {Entry} */ (coverage.facts[number]))),
    '',
    line(
      'case',
      '',
      engines.map(({ label }) => label),
    ),
    ...CASES.map((number) => row(number, /** @type {Entry} */ (coverage.cases[number]))),
  ].join('\n');
}

const NEVER_RUN = 'compiled but never run here';

/** CONFORMANCE.md. @param {Coverage} coverage @param {readonly EngineResults[]} engines @param {boolean} onWindows */
export function markdown(coverage, engines, onWindows) {
  const labels = [...engines.map(({ label }) => label), ...(onWindows ? [] : ['Windows itself'])];
  const head = (/** @type {string[]} */ words) => [
    `| ${words.join(' | ')} |`,
    `|${words.map(() => ' --- ').join('|')}|`,
  ];
  const verdicts = (/** @type {Entry} */ entry) => [
    ...engines.map((engine) => verdictOf(entry, engine)),
    ...(onWindows ? [] : [entry.scenarios || entry.tests ? NEVER_RUN : Verdict.unreachable]),
  ];
  const row = (/** @type {string} */ number, /** @type {Entry} */ entry, /** @type {string[]} */ more) =>
    `| ${[number, entry.title, ...more, ...verdicts(entry), shownBy(entry)].map(cell).join(' | ')} |`;
  const facts = FACTS.map((number) => {
    const entry = /** @type {Entry} */ (coverage.facts[number]);
    return row(number, entry, [entry.confidence ?? '']);
  });
  const cases = CASES.map((number) => row(number, /** @type {Entry} */ (coverage.cases[number]), []));
  return [
    '# Conformance',
    '',
    'Written by `npm run conformance`, which runs every scenario of `scenarios/` and the C tests that',
    '`scenarios/coverage.json` names on every engine of the machine. Do not edit it by hand.',
    '',
    'Confidence of a fact for real Windows: D stated in Microsoft’s documentation; T asserted by a public test that runs on',
    'real Windows; R from a reimplementation or published reverse engineering; I inferred.',
    '',
    ...summary(coverage, engines),
    '',
    '## Facts',
    '',
    ...head(['fact', 'what', 'conf.', ...labels, 'shown by']),
    ...facts,
    '',
    '## Cases from public test suites',
    '',
    ...head(['case', 'what', ...labels, 'shown by']),
    ...cases,
    '',
    ...differences(engines),
    ...absences(coverage, engines),
    ...unreachable(coverage),
  ].join('\n');
}

/** @param {Coverage} coverage @param {readonly EngineResults[]} engines */
const summary = (coverage, engines) =>
  engines.map((engine) => {
    const counts = [...tally(coverage, engine)].map(([verdict, count]) => `${verdict} ${count}`).join(', ');
    return `- **${engine.label}**: ${engine.scenarios.size} scenarios; of 140 facts ${counts}.`;
  });

/** @param {Entry} entry */
function shownBy({ scenarios = [], tests = [] }) {
  const names = [
    ...scenarios.map(
      (name) =>
        `\`${splitName(name)[0]
          .replace(/^conformance\//, '')
          .replace(/\.json$/, '')}\``,
    ),
    ...tests.map((name) => `C test \`${splitName(name)[1]}\``),
  ];
  return names.length === 0 ? 'see below' : names.join(', ');
}

/** @param {readonly EngineResults[]} engines */
function differences(engines) {
  const lines = engines.flatMap((engine) =>
    [...engine.scenarios.values()]
      .filter(({ status }) => status === 'differs')
      .flatMap((one) => [
        `- **${one.title}** (${one.engine})`,
        ...one.expectations
          .filter(({ status }) => status === 'differs')
          .map(({ expected, actual }) => `  - on Windows: ${expected}; here: ${untimed(actual)}`),
      ]),
  );
  return lines.length === 0 ? [] : ['## Differences', '', ...lines, ''];
}

/** How long it took is another number each time. @param {string} text */
const untimed = (text) => text.replaceAll(/ after \d[\d.]* (?:ns|µs|ms|s)\b/g, '');

/** @param {Coverage} coverage @param {readonly EngineResults[]} engines */
function absences(coverage, engines) {
  const lines = engines.flatMap((engine) => [
    ...[...engine.scenarios.values()]
      .filter(({ status }) => status === 'skipped')
      .map((one) => `- **${one.title}** (${one.engine}): ${one.reason}`),
    ...Object.entries(coverage.facts)
      .filter(([, entry]) => !entry.scenarios && verdictOf(entry, engine) === Verdict.absent)
      .map(
        ([number, entry]) =>
          `- **Fact ${number}: ${entry.title}** (${engine.label}): its C test calls Windows itself`,
      ),
  ]);
  return lines.length === 0 ? [] : ['## Absent', '', ...lines, ''];
}

/** @param {Coverage} coverage */
function unreachable(coverage) {
  const of = (/** @type {string} */ what, /** @type {Record<string, Entry>} */ entries) =>
    Object.entries(entries)
      .filter(([, entry]) => entry.unreachable)
      .map(([number, entry]) => `- ${what} ${number} (${entry.title}): ${entry.unreachable}`);
  return ['## Unreachable', '', ...of('fact', coverage.facts), ...of('case', coverage.cases), ''];
}

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|');
