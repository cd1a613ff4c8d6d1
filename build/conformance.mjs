import fs from 'node:fs';
import { CASES, FACTS, coverageFaults, readCoverage, splitName } from './conformance/coverage.mjs';
import { runEngine } from './conformance/engines.mjs';
import { Verdict, markdown, tally, terminalTable, verdictOf } from './conformance/table.mjs';
import { fromRoot } from './paths.mjs';
import { runMain } from './setup/fault.mjs';
import { stepsOf } from './setup/goals.mjs';
import { setUp } from './setup/set-up.mjs';
import { whyNoWin32, win32Engine } from './setup/win32.mjs';

/** `npm run conformance`: every scenario and named C test on every engine here, as a table fact × engine. */
async function main() {
  const say = (/** @type {string} */ text) => void process.stdout.write(`${text}\n`);
  const onWindows = process.platform === 'win32';
  const noWin32 = onWindows ? undefined : whyNoWin32();
  await setUp([...stepsOf('cli'), ...(onWindows || noWin32 ? [] : [win32Engine])], {
    stream: process.stdout,
  });

  const coverage = readCoverage();
  const faults = coverageFaults(coverage);
  faults.forEach((fault) => say(`scenarios/coverage.json: ${fault}`));

  const tests = [
    ...new Set(
      [...Object.values(coverage.facts), ...Object.values(coverage.cases)].flatMap((entry) =>
        (entry.tests ?? []).map((name) => splitName(name)[1]),
      ),
    ),
  ];
  const names = /** @type {('posix' | 'win32')[]} */ (
    onWindows ? ['win32'] : ['posix', ...(noWin32 ? [] : ['win32'])]
  );
  const engines = [];
  for (const name of names) engines.push(await runEngine(name, tests));
  if (noWin32) say(`win32 is absent here: ${noWin32}`);

  say(terminalTable(coverage, engines));
  fs.writeFileSync(
    fromRoot(onWindows ? 'CONFORMANCE-windows.md' : 'CONFORMANCE.md'),
    markdown(coverage, engines, onWindows),
  );
  const failures = engines.flatMap((engine) => failuresOf(engine, coverage));
  say('');
  for (const engine of engines) {
    say(
      `${engine.label}: ${[...tally(coverage, engine)].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`,
    );
  }
  failures.forEach(say);
  return faults.length + failures.length > 0 ? 1 : 0;
}

/**
 * Every scenario counts, also one that no fact names.
 * @param {import('./conformance/engines.mjs').EngineResults} engine
 * @param {import('./conformance/coverage.mjs').Coverage} coverage
 */
function failuresOf(engine, coverage) {
  const scenarios = [...engine.scenarios.values()].filter(({ status }) => status === 'failed');
  const entries = [
    ...FACTS.map((number) => coverage.facts[number]),
    ...CASES.map((number) => coverage.cases[number]),
  ];
  const failed = entries.filter((entry) => entry && verdictOf(entry, engine) === Verdict.failed).length;
  return [
    ...scenarios.map((one) => `✗ ${one.title} (${one.engine}): ${one.reason || firstFailure(one)}`),
    ...(failed > 0 ? [`${failed} facts or cases fail on ${engine.label}`] : []),
  ];
}

/** @param {import('./conformance/engines.mjs').ScenarioResult} result */
function firstFailure({ expectations }) {
  const failed = expectations.find(({ status }) => status === 'failed');
  return failed ? `expected ${failed.expected}; ${failed.actual}` : 'it failed';
}

await runMain(main, 4);
