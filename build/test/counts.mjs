import fs from 'node:fs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * The counts of a report, held against the program's exit status: a run that left no report, ran no test or failed
 * outside its tests has failed once.
 * @param {string} file
 * @param {number} status
 * @param {(text: string) => Counts} parse
 * @returns {Counts}
 */
export function countReport(file, status, parse) {
  const counts = fs.existsSync(file)
    ? parse(fs.readFileSync(file, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 };
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0;
  if (counts.failed === 0 && (status !== 0 || ranNothing)) counts.failed = 1;
  return counts;
}

/** CTest's JUnit file. @param {string} text @returns {Counts} */
export function parseJUnit(text) {
  const suite = /<testsuite\b[^>]*>/.exec(text)?.[0] ?? '';
  const number = (/** @type {string} */ name) =>
    Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = number('failures');
  const skipped = number('skipped') + number('disabled');
  return { passed: number('tests') - failed - skipped, failed, skipped };
}

/** @param {string} text @returns {Counts} */
export function parseVitest(text) {
  const report = JSON.parse(text);
  // A file that can't be loaded fails without a test in it.
  const broken = report.testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {string} text @returns {Counts} */
export function parsePlaywright(text) {
  const { stats, errors } = JSON.parse(text);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}
