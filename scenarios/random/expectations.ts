import type { Expectation } from '../../apc-model/scenario.ts';
import type { Model } from './model.ts';
import type { ModelObject } from './model-state.ts';
import { instanceName, type CallNote } from './notes.ts';
import { CONTROLLER } from './plan.ts';

/** The controller saw how a thread stood, after so many of the thread's moments. */
export interface Barrier {
  at: number;
  as: string;
}

/** What the model saw, as the expectations of a scenario. */
export function expectationsOf(
  model: Model,
  barriers: ReadonlyMap<string, readonly Barrier[]>,
): Expectation[] {
  // Thread by thread: between threads there may be no order.
  const made = model.threads.flatMap(({ name }) => model.notes.calls.filter(({ thread }) => thread === name));
  return [
    ...calls(made),
    ...apcs(model, made),
    ...threads(model),
    ...logs(model),
    ...orders(model, barriers),
    ...[...model.objects.values()].flatMap((object) => objects(object)),
  ];
}

/** Every result with its last error; and of each name, how often it returned. */
function calls(all: readonly CallNote[]): Expectation[] {
  const byName = new Map<string, CallNote[]>();
  for (const call of all) byName.set(call.as, [...(byName.get(call.as) ?? []), call]);
  const expectations: Expectation[] = [];
  for (const [name, instances] of byName) {
    if (instances.every((one) => one.open === undefined)) {
      const returned = instances.flatMap(({ result }) => (result === undefined ? [] : [result]));
      expectations.push({ call: name, returns: returned });
    }
    for (const one of instances) {
      if (one.lastError !== undefined)
        expectations.push({ call: instanceName(one), lastError: one.lastError });
    }
  }
  return expectations;
}

function apcs({ notes }: Model, calls: readonly CallNote[]): Expectation[] {
  const queueing = calls.filter((call) => call.queues === true);
  return queueing.map((call) => {
    const runs = notes.runs.filter(({ queuedBy }) => queuedBy === call);
    const [run] = runs;
    if (run === undefined) return { apc: instanceName(call), runs: 0 };
    return {
      apc: instanceName(call),
      runs: runs.length,
      on: run.on,
      ...(run.during === undefined ? {} : { during: instanceName(run.during) }),
    };
  });
}

function threads(model: Model): Expectation[] {
  return model.threads
    .filter(({ life, name }) => life === 'ended' && name !== CONTROLLER)
    .map(({ name, end, lost, delivered }) => ({
      thread: name,
      exitCode: end!.code,
      lost,
      delivered,
      ended: end!.reason,
    }));
}

/** Each thread's own lines: between threads that run at the same time there is no order. */
const logs = ({ notes, threads }: Model): Expectation[] =>
  threads.map(({ name }) => ({ log: notes.logs.get(name) ?? [], on: name }));

/** Each thread's moments in order, and between them the controller's look at how it stood. */
function orders(model: Model, barriers: ReadonlyMap<string, readonly Barrier[]>): Expectation[] {
  return [...barriers].flatMap(([thread, stands]) => {
    const order = [...(model.notes.moments.get(thread) ?? [])];
    for (const { at, as } of stands.toReversed()) order.splice(at, 0, as);
    return order.length < 2 ? [] : [{ order }];
  });
}

function objects(object: ModelObject): Expectation[] {
  switch (object.type) {
    case 'event':
      return [{ object: object.name, signaled: object.signaled }];
    case 'semaphore':
      return [{ object: object.name, count: object.count }];
    case 'port':
      return [{ object: object.name, packets: object.count }];
    case 'mutex':
      return [{ object: object.name, owner: object.owner?.name ?? null, abandoned: object.abandoned }];
    case 'criticalSection':
      // What a thread that ended in it leaves behind is a section without an end.
      return object.owner === undefined ? [{ object: object.name, owner: null }] : [];
    default:
      return [];
  }
}
