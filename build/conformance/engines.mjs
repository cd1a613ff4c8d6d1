import fs from 'node:fs';
import path from 'node:path';
import { fromCache, fromRoot } from '../paths.mjs';
import { HOST_BUILD, nativeFolder } from '../setup/native.mjs';
import { run } from '../setup/run.mjs';
import { win32Build } from '../setup/win32.mjs';
import { WINE_ENVIRONMENT, findWine, warmUp, wineForCommandLine } from '../setup/wine.mjs';

/**
 * What one engine did with every scenario and every C test that the coverage names.
 *
 * @typedef {object} ScenarioResult
 * @property {string} file  below scenarios/
 * @property {string} title
 * @property {string} engine
 * @property {'passed' | 'failed' | 'skipped' | 'differs'} status
 * @property {string} reason
 * @property {{index: number, status: string, expected: string, actual: string}[]} expectations
 *
 * @typedef {object} EngineResults
 * @property {string} name  posix, win32
 * @property {string} label  win32 on Wine 8.0
 * @property {Map<string, ScenarioResult>} scenarios  by file
 * @property {Map<string, boolean>} tests  by name: did it pass? Those that are not for this engine are not there
 */

const LIMIT_MS = 15 * 60_000;

/** @param {'posix' | 'win32'} name @param {readonly string[]} tests @returns {Promise<EngineResults>} */
export async function runEngine(name, tests) {
  const onWine = name === 'win32' && process.platform !== 'win32';
  if (onWine) await warmUp(findWine() ?? 'wine64');
  const scenarios = await verify(name);
  const label = [...scenarios.values()].find((one) => one.engine)?.engine ?? name;
  const folder = onWine ? win32Build().name : HOST_BUILD.name;
  return { name, label, scenarios, tests: await ctest(folder, tests, onWine ? WINE_ENVIRONMENT : {}) };
}

/** @param {string} engine @returns {Promise<Map<string, ScenarioResult>>} */
async function verify(engine) {
  const report = fromCache('conformance', `${engine}.json`);
  fs.mkdirSync(path.dirname(report), { recursive: true });
  fs.rmSync(report, { force: true });
  const cli = fromRoot('out', 'electron', 'cli.js');
  const args = [cli, 'verify', fromRoot('scenarios'), '--engine', engine, `--json=${report}`];
  const { output } = await run(process.execPath, args, { env: wineForCommandLine(), timeoutMs: LIMIT_MS });
  if (!fs.existsSync(report)) throw new Error(`verify on ${engine} left no report:\n${output}`);
  /** @type {ScenarioResult[]} */
  const results = JSON.parse(fs.readFileSync(report, 'utf8')).results;
  const root = fromRoot('scenarios');
  return new Map(results.map((one) => [path.relative(root, one.file).replaceAll(path.sep, '/'), one]));
}

/** @param {string} folder @param {readonly string[]} names @param {Record<string, string>} env */
async function ctest(folder, names, env) {
  /** @type {Map<string, boolean>} */
  const passed = new Map();
  if (names.length === 0) return passed;
  const words = [
    '--test-dir',
    nativeFolder(folder),
    '-C',
    'Release',
    '--tests-regex',
    `^(${names.join('|')})$`,
  ];
  const { output } = await run('ctest', words, { env, timeoutMs: LIMIT_MS });
  for (const name of names) {
    const line = new RegExp(`: ${name} \\.+ *(.*)`).exec(output);
    if (line) passed.set(name, (line[1] ?? '').startsWith('Passed'));
  }
  return passed;
}
