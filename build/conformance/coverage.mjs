import fs from 'node:fs';
import path from 'node:path';
import { fromRoot } from '../paths.mjs';

/**
 * scenarios/coverage.json accounts for every fact and every case: which scenarios show it, which C test, or why it can't be
 * reached.
 *
 * @typedef {object} Entry
 * @property {string} title  one line, in our words
 * @property {string} [confidence]  of a fact: D documented, T asserted by a public test, R by a reimplementation, I inferred
 * @property {string[]} [scenarios]  `conformance/<file>.json: <title>`
 * @property {string[]} [tests]  `native-bridge/test/<file>.c: <name>`
 * @property {string} [unreachable]  the reason, or what of it can't be reached
 * @property {string} [differs]  engines with this in their label differ, as the C test that it names asserts
 *
 * @typedef {{facts: Record<string, Entry>, cases: Record<string, Entry>}} Coverage
 */

export const FACTS = Array.from({ length: 140 }, (_, at) => String(at + 1));
export const CASES = Array.from({ length: 50 }, (_, at) => `P${at + 1}`);

/** @returns {Coverage} */
export function readCoverage() {
  return JSON.parse(fs.readFileSync(fromRoot('scenarios', 'coverage.json'), 'utf8'));
}

/** Everything that is wrong with it, a sentence each: a number left out, a name of nothing. @param {Coverage} coverage */
export function coverageFaults(coverage) {
  return [
    ...missing('fact', FACTS, coverage.facts),
    ...missing('case', CASES, coverage.cases),
    ...Object.entries(coverage.facts).flatMap(([number, entry]) =>
      entryFaults(`fact ${number}`, entry, number),
    ),
    ...Object.entries(coverage.cases).flatMap(([number, entry]) => entryFaults(`case ${number}`, entry)),
  ];
}

/** @param {string} what @param {readonly string[]} numbers @param {Record<string, Entry>} entries */
function missing(what, numbers, entries) {
  const known = new Set(numbers);
  return [
    ...numbers.filter((number) => !entries[number]).map((number) => `${what} ${number} is not accounted for`),
    ...Object.keys(entries)
      .filter((number) => !known.has(number))
      .map((number) => `there is no ${what} ${number}`),
  ];
}

/** @param {string} where @param {Entry} entry @param {string} [fact] */
function entryFaults(where, entry, fact) {
  const { scenarios = [], tests = [], unreachable } = entry;
  const faults = [
    ...scenarios.map((name) => scenarioFault(name, fact)),
    ...tests.map(testFault),
    scenarios.length + tests.length === 0 && !unreachable
      ? 'names no scenario, no test and no reason why it is unreachable'
      : undefined,
    fact !== undefined && !/^[DTRI]+$/.test(entry.confidence ?? '')
      ? 'has no confidence of D, T, R, I'
      : undefined,
    entry.title ? undefined : 'has no title',
  ];
  return faults.filter((fault) => fault !== undefined).map((fault) => `${where} ${fault}`);
}

/** `folder/file.json: Title` @param {string} name @returns {[string, string]} */
export function splitName(name) {
  const at = name.indexOf(': ');
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 2)];
}

/** @param {string} name @param {string} [fact] */
function scenarioFault(name, fact) {
  const [file, title] = splitName(name);
  const at = path.join(fromRoot('scenarios'), file);
  if (!fs.existsSync(at)) return `names the scenario ${file}, which is not there`;
  const scenario = JSON.parse(fs.readFileSync(at, 'utf8'));
  if (scenario.title !== title) return `calls ${file} "${title}"; its title is "${scenario.title}"`;
  if (fact !== undefined && !(scenario.facts ?? []).includes(Number(fact)))
    return `names ${file}, which does not say that it shows this fact`;
  return undefined;
}

/** @param {string} name */
function testFault(name) {
  const [file, test] = splitName(name);
  const at = fromRoot(file);
  if (!fs.existsSync(at)) return `names the test file ${file}, which is not there`;
  return fs.readFileSync(at, 'utf8').includes(`TEST(${test})`)
    ? undefined
    : `names the test ${test}, which ${file} lacks`;
}
