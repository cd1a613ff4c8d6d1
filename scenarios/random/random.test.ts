import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGINE_NAMES, findEngine, type Engine, type EngineName } from '../../electron/engines.ts';
import type { Places } from '../../electron/places.ts';
import { WINDOWS, WINE, within } from './dialect.ts';
import { runSeeds, type Course } from './runner.ts';

// Random scenarios, each foretold by the model, on every engine of this machine. ALERTABLE_RANDOM_SECONDS: for how long;
// ALERTABLE_RANDOM_SEED: this one alone, many times; both: from this one on.
const ROOT = resolve(import.meta.dirname, '..', '..');
const places: Places = {
  native: resolve(ROOT, '.cache', 'native', `${process.platform}-${process.arch}`),
  nativeForWine: resolve(ROOT, '.cache', 'native', 'win32-x64'),
  scenarios: resolve(import.meta.dirname, '..'),
  fonts: '',
  cache: resolve(ROOT, '.cache'),
};
const given = (name: string): number | undefined => {
  const text = process.env[name] ?? '';
  if (text === '') return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`${name} is "${text}"; allowed: a number`);
  return Number(text);
};
const seconds = given('ALERTABLE_RANDOM_SECONDS');
const replayed = given('ALERTABLE_RANDOM_SEED');
/** So often one seed is run: what fails by luck fails by then. */
const REPLAYS = 200;
/** What finding out which one failed, and making it smaller, may take. */
const REPORT_MS = 240_000;

/** Under Wine every process takes a second to start: many scenarios share it. */
const COURSES: Readonly<Record<EngineName, Pick<Course, 'together' | 'lanes'> & { seconds: number }>> = {
  posix: { together: 1, lanes: 4, seconds: 60 },
  win32: { together: process.platform === 'win32' ? 1 : 20, lanes: 1, seconds: 12 },
};
const onWine = (engine: Engine): boolean => engine.name === 'win32' && process.platform !== 'win32';

describe.each(ENGINE_NAMES.map((name) => findEngine(name, places)))('random scenarios on $name', (engine) => {
  const course = COURSES[engine.name];
  const budgetMs = (seconds ?? course.seconds) * 1000;

  it.skipIf(engine.reason !== undefined)(
    'every one comes out as the model says',
    { timeout: budgetMs + REPORT_MS },
    async () => {
      const began = performance.now();
      const seed = replayed ?? Math.floor(Math.random() * 2 ** 31);
      console.log(`${engine.name}: random scenarios from seed ${seed} on`);
      const once = replayed !== undefined && seconds === undefined;
      const { scenarios, failure, doubts } = await runSeeds({
        ...course,
        engine,
        dialect: within(onWine(engine) ? WINE : WINDOWS, await engine.describe()),
        guesses: onWine(engine),
        seed,
        budgetMs,
        ...(once ? { repeat: REPLAYS } : {}),
      });
      const took = (performance.now() - began) / 1000;
      console.log(
        `${engine.name}: ${scenarios} random scenarios in ${took.toFixed(0)} s (${(scenarios / took).toFixed(0)}/s)`,
      );
      for (const doubt of doubts) console.warn(`failed once and not again: ${doubt}`);
      expect(failure).toBeUndefined();
      expect(scenarios).toBeGreaterThan(0);
    },
  );
});
