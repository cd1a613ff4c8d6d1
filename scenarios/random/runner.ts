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
  /**
   * The engine guesses when a thread stands (win32 on Wine: after 20 ms), and a busy machine may prove it wrong: a failure
   * counts only if it comes again.
   */
  guesses?: boolean;
}

export interface Outcome {
  scenarios: number;
  /** A few lines on the first that failed, with where it was written to and how it is run again. */
  failure: string | undefined;
  /** Likewise of each that failed once and not again. */
  doubts: string[];
}

/** What a hung run costs, and what a slow machine is given. */
const TIMEOUT_MS = 20_000;
const SHRINKING_TIMEOUT_MS = 3000;
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
  const doubts: string[] = [];
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
      if (faults.length === 0 || failed !== undefined) continue;
      const again = await findFailed(course, seeds);
      if (again === undefined && course.guesses === true)
        doubts.push(await report(course, { seeds, faults }, false));
      else failed ??= again ?? { seeds, faults };
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { scenarios, failure: failed === undefined ? undefined : await report(course, failed), doubts };
}

interface Failed {
  /** One, or those that failed only together. */
  seeds: readonly number[];
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

/** Runs them once more, each alone, then all together: undefined where all hold this time. */
async function findFailed(course: Course, seeds: readonly number[]): Promise<Failed | undefined> {
  for (const some of [...seeds.map((seed) => [seed]), seeds]) {
    const faults = await faultsOf(course.engine, sceneOf(course, some));
    if (faults.length > 0) return { seeds: some, faults };
  }
  return undefined;
}

/** Writes down what failed; one that fails alone also as small as it still fails. */
async function report(
  course: Course,
  { seeds, faults }: Failed,
  shrinks = seeds.length === 1,
): Promise<string> {
  const { engine, dialect } = course;
  const [seed] = seeds as [number];
  const file = join(tmpdir(), `alertable-random-${engine.name}-${seed}.json`);
  const small = file.replace(/json$/, 'small.json');
  const write = (to: string, scenario: Scenario): void =>
    writeFileSync(to, `${JSON.stringify(scenario, null, 2)}\n`);
  const fails = async (plan: Plan): Promise<boolean> => {
    const scenario = compose(plan);
    for (let run = 0; run < SHRINKING_RUNS; run++) {
      if ((await faultsOf(engine, scenario, SHRINKING_TIMEOUT_MS)).length > 0) return true;
    }
    return false;
  };
  write(file, sceneOf(course, seeds));
  if (shrinks)
    write(small, compose(await shrink(generate(seed, dialect), fails, performance.now() + SHRINKING_MS)));
  return [
    `random scenario ${seed}${seeds.length > 1 ? ` or one of the next ${seeds.length - 1}` : ''} on ${engine.label}:`,
    ...faults.slice(0, 5).map((fault) => `  ${fault}`),
    shrinks ? `It is in ${file}, and as small as it still fails in ${small}.` : `It is in ${file}.`,
    `Once more: ${replayCommand(seed, seeds.length > 1)}`,
    `Or the file: npm run cli -- run ${shrinks ? small : file} --engine ${engine.name}`,
  ].join('\n');
}

/** Runs one seed alone, many times; or, `onwards`, it and those after it as they ran. */
const replayCommand = (seed: number, onwards: boolean): string =>
  `ALERTABLE_RANDOM_SEED=${seed} ${onwards ? 'ALERTABLE_RANDOM_SECONDS=60 ' : ''}npx vitest run scenarios/random/random.test.ts`;
