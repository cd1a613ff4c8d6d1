import { expect, it } from 'vitest';

// The bookkeeping of `npm run conformance` is a plain Node script; the same rules hold here at every test run.
interface Bookkeeping {
  readCoverage: () => { facts: Record<string, object>; cases: Record<string, object> };
  coverageFaults: (coverage: object) => string[];
}
/** By a variable: the script has no types for the compiler. */
const script: string = '../build/conformance/coverage.mjs';
const { readCoverage, coverageFaults } = (await import(script)) as Bookkeeping;

it('accounts for every fact and every case', () => {
  expect(coverageFaults(readCoverage())).toEqual([]);
});

it('notices a number that is left out, and a name of nothing', () => {
  const coverage = readCoverage();
  delete coverage.facts['30'];
  coverage.cases['P1'] = { title: 'x', scenarios: ['conformance/no-such-file.json: x'] };
  expect(coverageFaults(coverage)).toEqual([
    'fact 30 is not accounted for',
    'case P1 names the scenario conformance/no-such-file.json, which is not there',
  ]);
});
