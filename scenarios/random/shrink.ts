import type { CallStep, Step } from '../../apc-model/scenario.ts';
import { isPredictable } from './generate.ts';
import { threadOfRoutine, type Plan } from './plan.ts';

/**
 * Leaves out of a plan whatever it goes on to fail without: actions, threads, steps, objects. What is left can still be
 * foretold.
 * @param fails runs a plan; it may take its time
 * @param until when to be content with what has been reached (performance.now)
 */
export async function shrink(
  plan: Plan,
  fails: (plan: Plan) => Promise<boolean>,
  until: number,
): Promise<Plan> {
  let best = plan;
  for (;;) {
    const before = best;
    for (const smaller of WAYS) {
      // Each success changes what there is to leave out: the list is made anew, from where it was.
      let at = 0;
      for (let list = smaller(best); at < list.length;) {
        if (performance.now() > until) return best;
        const candidate = list[at]!;
        if (isPredictable(candidate) && (await fails(candidate))) list = smaller((best = candidate));
        else at++;
      }
    }
    if (best === before) return best;
  }
}

const WAYS: readonly ((plan: Plan) => Plan[])[] = [
  (plan) => plan.threads.map((thread) => withoutThread(plan, thread)),
  (plan) => withoutChunks(plan.actions).map((actions) => ({ ...plan, actions })),
  (plan) =>
    Object.entries(plan.routines).flatMap(([name, steps]) =>
      smallerSteps(steps).map((fewer) => ({ ...plan, routines: { ...plan.routines, [name]: fewer } })),
    ),
  (plan) => [withoutUnused(plan)].filter((one) => sizeOf(one) < sizeOf(plan)),
];

/** Halves first, then quarters, down to single ones. */
function withoutChunks<One>(list: readonly One[]): One[][] {
  const results: One[][] = [];
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < list.length; from += size) results.push(list.toSpliced(from, size));
  }
  return results;
}

/** Fewer steps, or what stands inside one in its place. */
function smallerSteps(steps: readonly Step[]): Step[][] {
  return [
    ...withoutChunks(steps),
    ...steps.flatMap((step, at) => insideOf(step).map((inside) => steps.toSpliced(at, 1, ...inside))),
  ];
}

function insideOf(step: Step): Step[][] {
  switch (step.do) {
    case 'if':
      return [
        step.then,
        step.else ?? [],
        ...smallerSteps(step.then).map((then) => [{ ...step, then }]),
        ...smallerSteps(step.else ?? []).map((other) => [{ ...step, else: other }]),
      ];
    case 'while':
    case 'repeat':
      return [step.steps, ...smallerSteps(step.steps).map((steps) => [{ ...step, steps }])];
    default:
      return [];
  }
}

function withoutThread(plan: Plan, thread: string): Plan {
  const mentions = (step: CallStep): boolean => {
    const text = JSON.stringify(step);
    return text.includes(`"${thread}"`) || text.includes(`"${thread}.`);
  };
  const keep = (steps: readonly Step[]): Step[] =>
    steps.flatMap((step): Step[] => {
      switch (step.do) {
        case 'if':
          return [{ ...step, then: keep(step.then), else: keep(step.else ?? []) }];
        case 'while':
        case 'repeat':
          return [{ ...step, steps: keep(step.steps) }];
        default:
          return mentions(step) ? [] : [step];
      }
    });
  return {
    ...plan,
    threads: plan.threads.filter((one) => one !== thread),
    routines: Object.fromEntries(
      Object.entries(plan.routines)
        .filter(([name]) => threadOfRoutine(name) !== thread)
        .map(([name, steps]) => [name, keep(steps)]),
    ),
    actions: plan.actions.filter((action) => !mentions(action)),
  };
}

/** Without objects and APC routines that nobody names. */
function withoutUnused(plan: Plan): Plan {
  const text = JSON.stringify([Object.values(plan.routines), plan.actions]);
  const isNamed = (name: string): boolean => text.includes(`"${name}"`);
  return {
    ...plan,
    objects: Object.fromEntries(Object.entries(plan.objects).filter(([name]) => isNamed(name))),
    routines: Object.fromEntries(
      Object.entries(plan.routines).filter(([name]) => name.endsWith('.body') || isNamed(name)),
    ),
  };
}

const sizeOf = (plan: Plan): number => JSON.stringify(plan).length;
