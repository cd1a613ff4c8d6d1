import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../../apc-model/compile.ts';
import type { Expectation, Scenario } from '../../apc-model/scenario.ts';
import { findEngine, type Engine } from '../../electron/engines.ts';
import { readScenarioFile } from '../../electron/scenarios.ts';
import { compose, joined } from './compose.ts';
import { WINDOWS, WINE } from './dialect.ts';
import { generate } from './generate.ts';
import { Unpredictable, type Plan } from './plan.ts';
import { Random } from './prng.ts';
import { faultsOf, runSeeds } from './runner.ts';
import { shrink } from './shrink.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const SEEDS = Array.from({ length: 200 }, (_, at) => at + 1);

const plan = (parts: Partial<Plan>): Plan => ({
  seed: 0,
  dialect: WINDOWS,
  prefix: '',
  objects: {},
  threads: ['T1'],
  routines: { 'T1.body': [] },
  actions: [{ do: 'createThread', thread: 'T1' }],
  pace: 'address',
  ...parts,
});
const refusal = (parts: Partial<Plan>): string => {
  try {
    compose(plan(parts));
    return 'none';
  } catch (error) {
    if (error instanceof Unpredictable) return error.message;
    throw error;
  }
};
const returnsOf = ({ expect: all = [] }: Scenario, name: string): unknown =>
  all.find((one): one is Extract<Expectation, { call: string }> => 'call' in one && one.call === name)
    ?.returns;

describe('a random scenario', () => {
  it('is the same for the same seed', () => {
    for (const seed of SEEDS.slice(0, 20))
      expect(compose(generate(seed, WINDOWS))).toEqual(compose(generate(seed, WINDOWS)));
  });

  it('comes out the same in whatever order its threads run', { timeout: 60_000 }, () => {
    for (const seed of SEEDS) {
      const random = new Random(seed);
      const one = generate(seed, WINDOWS);
      expect(compose(one, (ready) => random.pick(ready))).toEqual(compose(one));
    }
  });

  it('has APCs that run, that are lost and that end waits, and waits that objects end', () => {
    const text = SEEDS.map((seed) => JSON.stringify(compose(generate(seed, WINDOWS)).expect)).join('');
    for (const seen of ['"runs":1', '"runs":0', '"lost":2', '"returns":[192]', '"returns":[128]'])
      expect(text).toContain(seen);
  });

  it('for Wine has nothing that Wine lacks', () => {
    const text = SEEDS.map((seed) => JSON.stringify(compose(generate(seed, WINE)))).join('');
    expect(text).not.toMatch(/queueUserApc2|ntQueueApcThreadEx|reserve/);
  });
});

describe('the model refuses what nobody can foretell', () => {
  const waiting = {
    threads: ['T1', 'T2'],
    objects: { e: { type: 'event' as const } },
    routines: {
      'T1.body': [{ do: 'waitForSingleObject' as const, object: 'e', milliseconds: 'INFINITE' }],
      'T2.body': [{ do: 'waitForSingleObject' as const, object: 'e', milliseconds: 'INFINITE' }],
    },
  };
  const both: Plan['actions'] = [
    { do: 'createThread', thread: 'T1' },
    { do: 'createThread', thread: 'T2' },
  ];

  it('which of two waiters gets an event', () => {
    expect(refusal({ ...waiting, actions: both })).toBe('none');
    expect(refusal({ ...waiting, actions: [...both, { do: 'setEvent', object: 'e' }] })).toBe(
      'several wait for e',
    );
  });

  it('which of two threads that run at the same time comes first', () => {
    const objects = { e: { type: 'event' as const }, m: { type: 'event' as const, manualReset: true } };
    const body = [
      { do: 'waitForSingleObject' as const, object: 'm', milliseconds: 'INFINITE' },
      { do: 'waitForSingleObject' as const, object: 'e', milliseconds: 0 },
    ];
    const parts = { ...waiting, objects, routines: { 'T1.body': body, 'T2.body': body } };
    expect(refusal({ ...parts, actions: [...both, { do: 'setEvent', object: 'm' }] })).toMatch(/object e/);
  });

  it('an APC for a thread that runs', () => {
    const routines = {
      'T1.body': [
        { do: 'resumeThread' as const, thread: 'T2' },
        { do: 'queueUserApc' as const, thread: 'T2', routine: 'T2.a' },
      ],
      'T2.body': [],
      'T2.a': [],
    };
    const actions: Plan['actions'] = [
      { do: 'createThread', thread: 'T2', suspended: true },
      { do: 'createThread', thread: 'T1' },
    ];
    expect(refusal({ threads: ['T1', 'T2'], routines, actions })).toBe('T1 acts on T2, which runs');
  });
});

describe('the model knows', () => {
  const body: Plan['routines'] = {
    'T1.body': [{ do: 'waitForSingleObjectEx', object: 'e', milliseconds: 'INFINITE', alertable: true }],
    'T1.a': [],
  };
  const objects: Plan['objects'] = { e: { type: 'event' } };
  const wait = 'T1.body.1.waitForSingleObjectEx';
  const queue = { do: 'queueUserApc', thread: 'T1', routine: 'T1.a' } as const;
  const create = { do: 'createThread', thread: 'T1' } as const;
  const after = (...actions: Plan['actions']): unknown =>
    returnsOf(compose(plan({ routines: body, objects, actions })), wait);

  it('that an APC ends an alertable wait (34), and that what comes later changes nothing (68)', () => {
    expect(after(create, queue)).toEqual([0xc0]);
    expect(after(create, queue, { do: 'setEvent', object: 'e' })).toEqual([0xc0]);
  });

  it('that the object comes before the APC, at the start (58) and after a suspension (110)', () => {
    const routines: Plan['routines'] = {
      ...body,
      'T1.body': [{ ...queue, thread: 'self' }, ...body['T1.body']!],
    };
    const pending = compose(plan({ routines, objects, actions: [{ do: 'setEvent', object: 'e' }, create] }));
    expect(returnsOf(pending, 'T1.body.2.waitForSingleObjectEx')).toEqual([0]);
    expect(pending.expect).toContainEqual({
      thread: 'T1',
      exitCode: 0,
      lost: 1,
      delivered: 0,
      ended: 'returned',
    });
    const suspend = { do: 'suspendThread', thread: 'T1' } as const;
    const resume = { do: 'resumeThread', thread: 'T1' } as const;
    expect(after(create, suspend, queue, resume)).toEqual([0xc0]);
    expect(after(create, suspend, queue, { do: 'setEvent', object: 'e' }, resume)).toEqual([0]);
  });

  it('that a thread never created takes no APC, and one that ended neither (3, 6)', () => {
    const ended = compose(plan({ routines: { 'T1.body': [], 'T1.a': [] }, actions: [queue, create, queue] }));
    expect(ended.expect).toContainEqual({ call: 'c1.queueUserApc#1', lastError: 6 });
    expect(ended.expect).toContainEqual({ call: 'c3.queueUserApc#1', lastError: 31 });
  });
});

/** One thing told otherwise, of each kind of expectation; undefined where it is of another kind. */
const TAMPERINGS: readonly (readonly [string, (one: Expectation) => Expectation | undefined])[] = [
  [
    'a result',
    (one) =>
      'call' in one && Array.isArray(one.returns) && one.returns[0] === 0xc0
        ? { ...one, returns: [0, ...one.returns.slice(1)] }
        : undefined,
  ],
  [
    'a call that never returned',
    (one) => ('call' in one && isEmpty(one.returns) ? { ...one, returns: [0] } : undefined),
  ],
  ['a last error', (one) => ('call' in one && one.lastError === 6 ? { ...one, lastError: 0 } : undefined)],
  ['how often an APC ran', (one) => ('apc' in one && one.runs === 0 ? { ...one, runs: 1 } : undefined)],
  ['where it ran', (one) => ('apc' in one && one.runs === 1 ? { ...one, on: 'controller' } : undefined)],
  ['what was lost', (one) => ('thread' in one && one.lost === 0 ? { ...one, lost: 1 } : undefined)],
  ['an exit code', (one) => ('thread' in one && one.exitCode === 0 ? { ...one, exitCode: 1 } : undefined)],
  [
    'the log',
    (one) => ('log' in one && one.log.length > 1 ? { ...one, log: one.log.toReversed() } : undefined),
  ],
  [
    'the order',
    (one) => ('order' in one ? { order: [one.order[1]!, one.order[0]!, ...one.order.slice(2)] } : undefined),
  ],
  [
    'an object',
    (one) => ('object' in one && one.signaled === true ? { ...one, signaled: false } : undefined),
  ],
];
/** As an engine would run it that hands APCs another argument. */
const wronged = (scenario: Scenario): Scenario =>
  JSON.parse(JSON.stringify(scenario).replace(/"data":(\d)/g, '"data":9$1')) as Scenario;
const isEmpty = (list: unknown): boolean => Array.isArray(list) && list.length === 0;

const posix = findEngine('posix', {
  native: resolve(ROOT, '.cache', 'native', `${process.platform}-${process.arch}`),
  nativeForWine: '',
  scenarios: '',
  fonts: '',
  cache: '',
});

describe.skipIf(posix.reason !== undefined)('a result that is not the model’s', () => {
  /** The first seed whose scenario expects something of each kind. */
  const scenario = SEEDS.map((seed) => compose(generate(seed, WINDOWS))).find(({ expect: all = [] }) =>
    TAMPERINGS.every(([, tamper]) => all.some((one) => tamper(one) !== undefined)),
  )!;

  it('is not there when nothing is changed', async () => {
    expect(await faultsOf(posix, scenario)).toEqual([]);
  });

  it.each(TAMPERINGS)('is found in %s', async (_, tamper) => {
    const at = scenario.expect!.findIndex((one) => tamper(one) !== undefined);
    const tampered = { ...scenario, expect: scenario.expect!.with(at, tamper(scenario.expect![at]!)!) };
    expect(await faultsOf(posix, tampered)).toHaveLength(1);
  });

  it(
    'ends a course of seeds, and is written down with how to see it again',
    { timeout: 60_000 },
    async () => {
      const wrong: Engine = {
        ...posix,
        run: (compiled, ms) => posix.run(compile(wronged(compiled.scenario)), ms),
      };
      const course = { engine: wrong, dialect: WINDOWS, seed: 1, budgetMs: 30_000, together: 1, lanes: 2 };
      const { failure, scenarios } = await runSeeds(course);
      expect(scenarios).toBeGreaterThan(0);
      const seed = /random scenario (\d+) on/.exec(failure!)![1]!;
      expect(failure).toContain(`ALERTABLE_RANDOM_SEED=${seed} `);
      const files = [...failure!.matchAll(/in (\S+\.json)/g)].map(([, file]) => file!);
      const [whole, small] = files.map((file) => readScenarioFile(file).scenario);
      expect(small!.controller!.length).toBeLessThan(whole!.controller!.length);
      for (const file of files) rmSync(file);
    },
  );

  it('is found although several scenarios run as one', async () => {
    const scenes = [1, 2, 3].map((seed) => compose(generate(seed, WINDOWS, `n${seed}_`)));
    const all = joined(scenes, 'three');
    expect(await faultsOf(posix, all)).toEqual([]);
    const wrong = all.expect!.map((one) => ('thread' in one ? { ...one, delivered: 99 } : one));
    expect(await faultsOf(posix, { ...all, expect: wrong })).not.toEqual([]);
  });
});

it('a failure is made as small as it still fails', async () => {
  const fails = (candidate: Plan): Promise<boolean> =>
    Promise.resolve(JSON.stringify(compose(candidate).expect).includes('"returns":[192]'));
  const seed = SEEDS.find((one) => JSON.stringify(compose(generate(one, WINDOWS)).expect).includes('[192]'))!;
  const small = await shrink(generate(seed, WINDOWS), fails, Infinity);
  expect(await fails(small)).toBe(true);
  expect(small.threads).toHaveLength(1);
  expect(small.actions.length).toBeLessThanOrEqual(3);
});
