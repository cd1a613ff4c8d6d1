import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../apc-model/compile.ts';
import { judge } from '../../apc-model/expectation.ts';
import type { Scenario } from '../../apc-model/scenario.ts';
import type { Engine } from '../../electron/engines.ts';
import { compose, joined } from './compose.ts';
import type { Dialect } from './dialect.ts';
import { generate } from './generate.ts';
import type { Plan } from './plan.ts';
import { shrink } from './shrink.ts';

/** How many are run, how, and until when. */
export interface Course {
  engine: Engine;
  dialect: Dialect;
  /** The first; then the next whole numbers. */
  seed: number;
  budgetMs: number;
  /** Only the first, so often. */
  repeat?: number;
  /** Scenarios in one session. */
  together: number;
  /** Sessions at the same time. */
  lanes: number;
}

export interface Outcome {
  scenarios: number;
  /** A sentence or two on the first that failed, with where it was written to and how it is run again. */
  failure: string | undefined;
}

/** What a hung run costs, and what a slow machine is given. */
const TIMEOUT_MS = 20_000;
const SHRINKING_TIMEOUT_MS = 2000;
/** How long a failure is made smaller, and how often a candidate is run before it counts as sound. */
const SHRINKING_MS = 30_000;
const SHRINKING_RUNS = 3;

/** Runs seed after seed until the time is over or one fails. */
export async function runSeeds(course: Course): Promise<Outcome> {
  const { engine, seed, budgetMs, repeat, together, lanes } = course;
  const until = performance.now() + budgetMs;
  let begun = 0;
  let scenarios = 0;
  let failed: Failed | undefined;
  const batch = (): number[] => {
    if (failed !== undefined || performance.now() > until || begun >= (repeat ?? Infinity)) return [];
    const seeds =
      repeat !== undefined ? [seed] : Array.from({ length: together }, (_, at) => seed + begun + at);
    begun += seeds.length;
    return seeds;
  };
  const lane = async (): Promise<void> => {
    for (let seeds = batch(); seeds.length > 0; seeds = batch()) {
      const faults = await faultsOf(engine, sceneOf(course, seeds));
      scenarios += seeds.length;
      if (faults.length > 0) failed ??= await findFailed(course, seeds, faults);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { scenarios, failure: failed === undefined ? undefined : await report(course, failed) };
}

interface Failed {
  seed: number;
  faults: string[];
}

/** The scenario of a seed, or of several as one. */
function sceneOf({ dialect }: Course, seeds: readonly number[]): Scenario {
  if (seeds.length === 1) return compose(generate(seeds[0]!, dialect));
  const scenes = seeds.map((seed, at) => compose(generate(seed, dialect, `n${at}_`)));
  return joined(scenes, `Random scenarios ${seeds[0]} to ${seeds.at(-1)}`);
}

/** Runs a scenario once; an empty list where everything was as foretold. */
export async function faultsOf(
  engine: Engine,
  scenario: Scenario,
  timeoutMs = TIMEOUT_MS,
): Promise<string[]> {
  const compiled = compile(scenario);
  const { trace, timedOut, lost } = await engine.run(compiled, timeoutMs);
  const faults = judge(compiled, trace)
    .expectations.filter(({ status }) => status !== 'passed')
    .map(({ expected, actual }) => `${expected}\n    but: ${actual}`);
  if (timedOut) faults.unshift('it came to no end');
  if (lost > 0) faults.push(`${lost} events were lost`);
  const end = trace.history.atCount(trace.table.length);
  if (end.mismatches > 0) faults.push(`${end.mismatches} callbacks contradicted what was known of the queue`);
  for (const { name, counts, userQueue, specialQueue } of end.threads) {
    const { queued, delivered, cancelled, vanished, lost } = counts;
    const pending = userQueue.length + specialQueue.length;
    if (delivered + cancelled + vanished + lost + pending !== queued)
      faults.push(`${name}: ${JSON.stringify({ ...counts, pending })} does not add up`);
  }
  return faults;
}

/** Which of those that ran together it was; alone they may all hold. */
async function findFailed(course: Course, seeds: readonly number[], faults: string[]): Promise<Failed> {
  if (seeds.length > 1) {
    for (const seed of seeds) {
      const alone = await faultsOf(course.engine, sceneOf(course, [seed]));
      if (alone.length > 0) return { seed, faults: alone };
    }
  }
  return { seed: seeds[0]!, faults };
}

async function report(course: Course, { seed, faults }: Failed): Promise<string> {
  const { engine, dialect } = course;
  const fails = async (plan: Plan): Promise<boolean> => {
    const scenario = compose(plan);
    for (let run = 0; run < SHRINKING_RUNS; run++) {
      if ((await faultsOf(engine, scenario, SHRINKING_TIMEOUT_MS)).length > 0) return true;
    }
    return false;
  };
  const plan = generate(seed, dialect);
  const small = await shrink(plan, fails, performance.now() + SHRINKING_MS);
  const file = join(tmpdir(), `alertable-random-${engine.name}-${seed}`);
  writeFileSync(`${file}.json`, `${JSON.stringify(compose(plan), null, 2)}\n`);
  writeFileSync(`${file}-small.json`, `${JSON.stringify(compose(small), null, 2)}\n`);
  return [
    `random scenario ${seed} on ${engine.label}:`,
    ...faults.slice(0, 5).map((fault) => `  ${fault}`),
    `It is in ${file}.json, and as small as it still fails in ${file}-small.json.`,
    `Once more: ${replayCommand(seed)}`,
    `One of the files: npm run cli -- run ${file}-small.json --engine ${engine.name}`,
  ].join('\n');
}

export const replayCommand = (seed: number): string =>
  `ALERTABLE_RANDOM_SEED=${seed} npx vitest run scenarios/random/random.test.ts`;
