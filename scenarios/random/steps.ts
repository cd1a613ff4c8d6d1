import type { CallStep, Handle, ScenarioObjectType, Step } from '../../apc-model/scenario.ts';
import type { Stage } from './compose.ts';
import type { Dialect } from './dialect.ts';
import type { ModelThread } from './model-state.ts';
import { CONTROLLER, threadOfRoutine, type Plan } from './plan.ts';
import type { Random } from './prng.ts';

/** Who and what there is to act on. */
export interface Cast {
  prefix: string;
  threads: readonly string[];
  objects: Plan['objects'];
  /** All APC routines. One queues only those behind it, so that every chain comes to an end. */
  apcs: readonly string[];
  dialect: Dialect;
}

/** Where a step stands: in the body of a thread, in an APC routine of it, or with the controller. */
interface Place {
  thread: string;
  apcs: readonly string[];
}

type Make = () => Step[];

/** Makes steps of every kind that the model knows, each as often as it is worth. */
export class StepMaker {
  readonly #random: Random;
  readonly #cast: Cast;

  constructor(random: Random, cast: Cast) {
    this.#random = random;
    this.#cast = cast;
  }

  /** Some of everything, most of all waits. */
  body(thread: string): Step[] {
    const place: Place = { thread, apcs: this.#cast.apcs };
    return this.#several(this.#random.int(4, 14), place);
  }

  apc(routine: string): Step[] {
    const { apcs } = this.#cast;
    const place: Place = { thread: threadOfRoutine(routine), apcs: apcs.slice(apcs.indexOf(routine) + 1) };
    const steps = this.#several(
      this.#random.weighted([
        [3, 0],
        [3, 1],
        [2, 2],
        [1, 3],
      ]),
      place,
    );
    return [{ do: 'log', text: `${routine} {arg1}` }, ...steps];
  }

  #several(count: number, place: Place): Step[] {
    return Array.from({ length: count }, () => this.#steps(place)).flat();
  }

  #steps(place: Place): Step[] {
    const random = this.#random;
    const steps = random.weighted<Make>([
      [10, () => [this.#wait(place)]],
      [5, () => [this.#queue(place, 'self')]],
      [3, () => [this.#queue(place, this.#otherThread(place.thread))]],
      [5, () => [this.#signal()]],
      [2, () => [this.#life(place)]],
      [1, () => [this.#plain()]],
      [1, () => this.#flow(place)],
      [1, () => this.#section(place)],
    ])();
    return random.chance(30) && steps.length === 1 && logged(steps[0]!)
      ? [...steps, { do: 'log', text: `${steps[0]!.do} {result} {lastError}` }]
      : steps;
  }

  #wait(place: Place): CallStep {
    const random = this.#random;
    const milliseconds = random.chance(75) ? 'INFINITE' : 0;
    const alertable = random.chance(70);
    const several = this.#several2(place);
    const port = this.#object('port');
    return random.weighted<() => CallStep>([
      [6, () => ({ do: 'sleepEx', milliseconds, alertable: milliseconds !== 0 || alertable })],
      [1, () => ({ do: 'sleep', milliseconds: random.chance(95) ? 0 : 'INFINITE' })],
      [1, () => ({ do: 'ntDelayExecution', milliseconds, alertable: milliseconds !== 0 || alertable })],
      [2, () => ({ do: 'ntTestAlert' })],
      [
        port === undefined ? 0 : 3,
        () => ({ do: 'getQueuedCompletionStatusEx', port: port!, milliseconds, alertable }),
      ],
      [port === undefined ? 0 : 1, () => ({ do: 'getQueuedCompletionStatus', port: port!, milliseconds })],
      [7, () => ({ do: 'waitForSingleObjectEx', object: this.#waitable(place), milliseconds, alertable })],
      [3, () => ({ do: 'waitForSingleObject', object: this.#waitable(place), milliseconds })],
      [
        5,
        () => ({
          do: 'waitForMultipleObjectsEx',
          objects: several,
          waitAll: random.chance(50),
          milliseconds,
          alertable,
        }),
      ],
      [
        1,
        () => ({ do: 'waitForMultipleObjects', objects: several, waitAll: random.chance(50), milliseconds }),
      ],
      [
        3,
        () => ({
          do: 'signalObjectAndWait',
          signal: this.#object('event', 'semaphore', 'mutex') ?? { handle: 'null' },
          wait: this.#waitable({ ...place, thread: 'self' }),
          milliseconds,
          alertable,
        }),
      ],
    ])();
  }

  /** Handles for a wait for several; now and then something that is wrong with them. */
  #several2(place: Place): Handle[] {
    const random = this.#random;
    const wrong = random.int(1, 100);
    if (wrong === 1) return [];
    if (wrong === 2) return Array.from({ length: 65 }, () => 'self');
    const handles = Array.from({ length: random.int(1, 3) }, () => this.#waitable(place));
    const twice = new Set(handles.map((one) => JSON.stringify(one))).size < handles.length;
    if (twice && (this.#cast.dialect.takesTwins || !random.chance(10))) return [...new Set(handles)];
    return handles;
  }

  #waitable(place: Place): Handle {
    const random = this.#random;
    return random.weighted<() => Handle>([
      [60, () => this.#object('event', 'semaphore', 'mutex') ?? 'self'],
      [2, () => this.#otherThread(place.thread)],
      [1, () => 'self'],
      [
        random.chance(30) ? 1 : 0,
        () => ({ handle: random.pick(['null', 'bogus', 'currentThread'] as const) }),
      ],
    ])();
  }

  #queue(place: Place, given: string): CallStep {
    const random = this.#random;
    const { dialect } = this.#cast;
    const owner = given === 'self' ? place.thread : given;
    const routines = place.apcs.filter((one) => threadOfRoutine(one) === owner);
    if (routines.length === 0) return this.#signal();
    const routine = random.pick(routines);
    const data = random.int(0, 99);
    const thread: Handle = random.chance(2)
      ? random.pick<Handle>([{ handle: 'null' }, { handle: 'bogus' }, { handle: 'currentProcess' }])
      : given === 'self' && random.chance(20)
        ? { handle: 'currentThread' }
        : given;
    const reserve = this.#object('reserve');
    return random.weighted<() => CallStep>([
      [10, () => ({ do: 'queueUserApc', thread, routine, data })],
      [2, () => ({ do: 'ntQueueApcThread', thread, routine, args: [data, 1, 2] })],
      [1, () => ({ do: 'ntQueueApcThread', thread, routine: null })],
      [dialect.special ? 1 : 0, () => ({ do: 'queueUserApc2', thread, routine, data })],
      [
        dialect.special ? 4 : 0,
        () => ({ do: 'queueUserApc2', thread, routine, data, flags: ['special' as const] }),
      ],
      [
        dialect.special ? 1 : 0,
        () => ({ do: 'ntQueueApcThreadEx', thread, routine, args: [data], flags: ['special' as const] }),
      ],
      [
        dialect.reserve && reserve !== undefined ? 4 : 0,
        () => ({ do: 'ntQueueApcThreadEx', thread, reserve: reserve!, routine, args: [data] }),
      ],
    ])();
  }

  #signal(): CallStep {
    const random = this.#random;
    const port = this.#object('port');
    const [event, semaphore, mutex] = [
      this.#object('event'),
      this.#object('semaphore'),
      this.#object('mutex'),
    ];
    return random.weighted<() => CallStep>([
      [event === undefined ? 0 : 6, () => ({ do: 'setEvent', object: event! })],
      [event === undefined ? 0 : 1, () => ({ do: 'resetEvent', object: event! })],
      [event === undefined ? 0 : 2, () => ({ do: 'pulseEvent', object: event! })],
      [
        semaphore === undefined ? 0 : 4,
        () => ({ do: 'releaseSemaphore', object: semaphore!, count: random.int(0, 2) || 1 }),
      ],
      [port === undefined ? 0 : 4, () => ({ do: 'postQueuedCompletionStatus', port: port! })],
      [mutex === undefined ? 0 : 4, () => ({ do: 'releaseMutex', object: mutex! })],
      [1, () => ({ do: 'setEvent', object: random.pick<Handle>([{ handle: 'null' }, 'self']) })],
    ])();
  }

  #life(place: Place): CallStep {
    const random = this.#random;
    const other = this.#otherThread(place.thread);
    return random.weighted<() => CallStep>([
      [
        3,
        () => ({ do: 'suspendThread', thread: random.pick<Handle>(['self', { handle: 'currentThread' }]) }),
      ],
      [3, () => ({ do: 'suspendThread', thread: other })],
      [4, () => ({ do: 'resumeThread', thread: other })],
      [
        random.chance(25) ? 1 : 0,
        () => ({ do: 'terminateThread', thread: random.pick([other, 'self']), exitCode: random.int(1, 9) }),
      ],
      [random.chance(50) ? 1 : 0, () => ({ do: 'exitThread', exitCode: random.int(10, 19) })],
      [1, () => ({ do: 'createThread', thread: other, suspended: random.chance(50) })],
    ])();
  }

  #plain(): CallStep {
    return this.#random.weighted<() => CallStep>([
      [2, () => ({ do: 'setLastError', value: this.#random.int(1000, 1009) })],
      [1, () => ({ do: 'getLastError' })],
      [1, () => ({ do: 'switchToThread' })],
    ])();
  }

  #flow(place: Place): Step[] {
    const random = this.#random;
    return random.weighted<Make>([
      [
        2,
        () => [
          this.#wait(place),
          {
            do: 'if',
            when: ['result', random.pick(['==', '!=']), 'WAIT_IO_COMPLETION'],
            then: this.#several(1, place),
            else: this.#several(random.int(0, 1), place),
          },
        ],
      ],
      [1, () => [{ do: 'repeat', count: 2, steps: this.#several(random.int(1, 2), place) }]],
      [
        1,
        () => [
          { do: 'add', variable: `${this.#cast.prefix}shared`, value: 1 },
          { do: 'if', when: [`${this.#cast.prefix}shared`, '<', 3], then: this.#several(1, place) },
        ],
      ],
    ])();
  }

  /** Into a critical section and out of it again. */
  #section(place: Place): Step[] {
    const criticalSection = this.#object('criticalSection');
    if (criticalSection === undefined) return this.#several(1, place);
    return [
      { do: 'enterCriticalSection', criticalSection },
      ...this.#several(this.#random.int(0, 2), place),
      { do: 'leaveCriticalSection', criticalSection },
    ];
  }

  /** What the controller does next, with how everything stands; undefined where nobody can do anything any more. */
  action({ model }: Stage): CallStep | undefined {
    const random = this.#random;
    const threads = model.threads.slice(1);
    const declared = threads.filter(({ life }) => life === 'declared');
    const alive = threads.filter(({ life }) => life === 'alive');
    if (declared.length === 0 && alive.length === 0 && random.chance(70)) return undefined;
    const any = random.pick(alive.length > 0 && random.chance(95) ? alive : threads);
    const suspended = alive.filter(({ suspendCount }) => suspendCount > 0);
    const place: Place = { thread: CONTROLLER, apcs: this.#cast.apcs };
    return random.weighted<() => CallStep>([
      [
        declared.length === 0 ? 0 : alive.length > 0 ? 5 : 60,
        () => ({
          do: 'createThread',
          thread: random.pick(declared).name,
          ...(random.chance(30) ? { suspended: true } : {}),
        }),
      ],
      [14, () => this.#queue(place, any.name)],
      [14, () => this.#release(any) ?? this.#queue(place, any.name)],
      [3, () => this.#signal()],
      [suspended.length === 0 ? 0 : 5, () => ({ do: 'resumeThread', thread: random.pick(suspended).name })],
      [1, () => ({ do: 'resumeThread', thread: any.name })],
      [3, () => ({ do: 'suspendThread', thread: any.name })],
      [
        random.chance(30) ? 1 : 0,
        () => ({ do: 'terminateThread', thread: any.name, exitCode: random.int(20, 29) }),
      ],
      [1, () => ({ do: 'waitForSingleObject', object: this.#waitable(place), milliseconds: 0 })],
    ])();
  }

  /** Something that a thread waits for. */
  #release({ wait }: ModelThread): CallStep | undefined {
    const random = this.#random;
    if (wait === undefined || wait.on.length === 0) return undefined;
    const object = random.pick(wait.on);
    switch (object.type) {
      case 'event':
        return { do: random.chance(20) ? 'pulseEvent' : 'setEvent', object: object.name };
      case 'port':
        return { do: 'postQueuedCompletionStatus', port: object.name };
      case 'semaphore':
        return { do: 'releaseSemaphore', object: object.name, count: 1 };
      case 'mutex':
        return object.owner?.name === CONTROLLER ? { do: 'releaseMutex', object: object.name } : undefined;
      default:
        return undefined;
    }
  }

  #object(...types: readonly ScenarioObjectType[]): string | undefined {
    const names = Object.entries(this.#cast.objects)
      .filter(([, { type }]) => types.includes(type))
      .map(([name]) => name);
    return names.length === 0 ? undefined : this.#random.pick(names);
  }

  #otherThread(than: string): string {
    const others = this.#cast.threads.filter((one) => one !== than);
    return others.length === 0 ? this.#cast.threads[0]! : this.#random.pick(others);
  }
}

/** Is its result one that the log can tell beforehand? */
const logged = (step: Step): boolean =>
  !['switchToThread', 'ntDelayExecution', 'exitThread', 'if', 'repeat', 'add', 'createThread'].includes(
    step.do,
  );
