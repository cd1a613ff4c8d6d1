import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { judge } from '../apc-model/expectation.ts';
import { DEFAULT_TIMEOUT_MS, measuresTime } from '../apc-model/scenario.ts';
import { missingNeed } from '../electron/cli/needs.ts';
import { ENGINE_NAMES, findEngine, type Engine } from '../electron/engines.ts';
import type { Places } from '../electron/places.ts';
import { NOT_SCENARIOS, readScenarioFile } from '../electron/scenarios.ts';

// Every scenario of this folder on every engine of this machine.
const ROOT = resolve(import.meta.dirname, '..');
const places: Places = {
  native: resolve(ROOT, '.cache', 'native', `${process.platform}-${process.arch}`),
  nativeForWine: resolve(ROOT, '.cache', 'native', 'win32-x64'),
  scenarios: import.meta.dirname,
  fonts: '',
  cache: resolve(ROOT, '.cache'),
};
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json') && !NOT_SCENARIOS.has(file))
  .sort();
const scenarios = files.map((file) => ({
  file,
  compiled: readScenarioFile(join(import.meta.dirname, file)),
}));
const engines = ENGINE_NAMES.map((name) => findEngine(name, places));
/** The one of Windows and the one of everything else never meet in one process; Wine brings them together on Linux. */
const cannotApply = (engine: Engine): boolean =>
  engine.name === 'posix' ? process.platform === 'win32' : process.platform === 'darwin';

describe.each(engines)('on $name', (engine) => {
  it.skipIf(cannotApply(engine))('the engine is there', (context) => {
    if (engine.reason !== undefined && process.env['CI'] !== 'true') context.skip(engine.reason);
    expect(engine.reason).toBeUndefined();
  });

  const holds = async ({ compiled }: (typeof scenarios)[number], context: TestContext): Promise<void> => {
    const missing = await missingNeed(engine, compiled.scenario);
    if (missing !== undefined) context.skip(missing);
    const { trace, lost } = await engine.run(compiled);
    const told = judge(compiled, trace).expectations.filter((one) => one.status === 'failed');
    expect(told, JSON.stringify(told, null, 2)).toEqual([]);
    expect(lost).toBe(0);
    const end = trace.history.atCount(trace.table.length);
    expect(end.mismatches).toBe(0);
    for (const { counts, userQueue, specialQueue } of end.threads) {
      const pending = userQueue.length + specialQueue.length;
      expect(counts.delivered + counts.cancelled + counts.vanished + counts.lost + pending).toBe(
        counts.queued,
      );
    }
    expect(trace.table.endNs).toBeLessThan((compiled.scenario.timeoutMs ?? DEFAULT_TIMEOUT_MS) * 1e6);
  };

  describe.skipIf(engine.reason !== undefined)('each scenario holds', () => {
    it.concurrent.for(scenarios.filter((one) => !measuresTime(one.compiled.scenario)))(
      '$file',
      { timeout: 60_000 },
      holds,
    );
    it.for(scenarios.filter((one) => measuresTime(one.compiled.scenario)))(
      '$file',
      { timeout: 60_000 },
      holds,
    );
  });
});
