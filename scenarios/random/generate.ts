import type { ScenarioObject, Step } from '../../apc-model/scenario.ts';
import { Stage, compose } from './compose.ts';
import type { Dialect } from './dialect.ts';
import { StepMaker, type Cast } from './steps.ts';
import { Unpredictable, bodyOf, type Plan } from './plan.ts';
import { Random } from './prng.ts';

/** How often the controller looks for another action when the model refuses one. */
const TRIES = 6;

/**
 * Makes the plan of a seed: the same seed and dialect make the same plan.
 * @param prefix of every name, so that several scenarios can share one file
 */
export function generate(seed: number, dialect: Dialect, prefix = ''): Plan {
  const random = new Random(seed);
  const threads = Array.from({ length: random.int(1, 4) }, (_, at) => `${prefix}T${at + 1}`);
  const objects = makeObjects(random, dialect, prefix);
  const apcs = threads.flatMap((thread) =>
    Array.from({ length: random.int(1, 3) }, (_, at) => `${thread}.${'abc'[at]}`),
  );
  const cast: Cast = { prefix, threads, objects, apcs: random.shuffled(apcs), dialect };
  const maker = new StepMaker(random, cast);
  const routines: Record<string, Step[]> = {};
  for (const thread of threads) routines[bodyOf(thread)] = maker.body(thread);
  for (const apc of cast.apcs) routines[apc] = maker.apc(apc);
  const plan: Plan = {
    seed,
    dialect,
    prefix,
    objects,
    threads,
    routines,
    actions: [],
    pace: random.pick(['address', 'sleep']),
  };
  chooseActions(random, plan, maker);
  // Now and then the end of all threads can't be foretold.
  while (!isPredictable(plan)) plan.actions.pop();
  return plan;
}

export function isPredictable(plan: Plan): boolean {
  try {
    compose(plan);
    return true;
  } catch (error) {
    if (error instanceof Unpredictable) return false;
    throw error;
  }
}

/** One action after the other, each of which the model can foretell. */
function chooseActions(random: Random, plan: Plan, maker: StepMaker): void {
  const wanted = random.int(6, 60);
  let stage = new Stage(plan);
  for (let tries = 0; plan.actions.length < wanted && tries < wanted * TRIES; tries++) {
    const action = maker.action(stage);
    if (action === undefined) return;
    try {
      stage.act(action);
      plan.actions.push(action);
    } catch (error) {
      if (!(error instanceof Unpredictable)) throw error;
      // It went wrong half-way: the same model can't be gone on with.
      stage = replay(plan);
    }
  }
}

function replay(plan: Plan): Stage {
  const stage = new Stage(plan);
  for (const action of plan.actions) stage.act(action);
  return stage;
}

function makeObjects(random: Random, dialect: Dialect, prefix: string): Plan['objects'] {
  const objects: Record<string, ScenarioObject> = {};
  const makers: Record<string, (at: number) => void> = {
    event: (at) => (objects[`${prefix}e${at}`] = { type: 'event', signaled: random.chance(25) }),
    manual: (at) =>
      (objects[`${prefix}m${at}`] = { type: 'event', manualReset: true, signaled: random.chance(25) }),
    semaphore: (at) => {
      const maximum = random.int(1, 3);
      objects[`${prefix}s${at}`] = { type: 'semaphore', count: random.int(0, maximum), maximum };
    },
    mutex: (at) => (objects[`${prefix}x${at}`] = { type: 'mutex' }),
    criticalSection: (at) => (objects[`${prefix}k${at}`] = { type: 'criticalSection' }),
    port: (at) => (objects[`${prefix}p${at}`] = { type: 'port' }),
    reserve: (at) => (objects[`${prefix}r${at}`] = { type: 'reserve' }),
  };
  const count = random.int(2, 6);
  for (let at = 1; at <= count; at++) {
    const kind = random.weighted([
      [4, 'event'],
      [3, 'manual'],
      [3, 'semaphore'],
      [3, 'mutex'],
      [1, 'criticalSection'],
      [1, 'port'],
      [dialect.reserve ? 1 : 0, 'reserve'],
    ]);
    makers[kind]!(at);
  }
  return objects;
}
