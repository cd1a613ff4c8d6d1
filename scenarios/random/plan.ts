import type { CallStep, ScenarioObject, Step } from '../../apc-model/scenario.ts';
import type { Dialect } from './dialect.ts';

/**
 * What a random scenario is made of before it is one: without the steps that keep it in lockstep and without what is to be
 * seen. `compose.ts` adds both, so that any part of a plan can be left out and the rest still makes a scenario.
 */
export interface Plan {
  seed: number;
  dialect: Dialect;
  /** Of every name. */
  prefix: string;
  objects: Record<string, ScenarioObject>;
  /** Names of lab threads; each runs its routine `<thread>.body`, and only APC routines `<thread>.<name>`. */
  threads: string[];
  routines: Record<string, Step[]>;
  /** What the controller does, one action after the other; in between every thread comes to a stand. */
  actions: CallStep[];
  /** How the controller learns that a thread has moved: by waitOnAddress, or by looking every millisecond. */
  pace: 'address' | 'sleep';
}

export const CONTROLLER = 'controller';
export const bodyOf = (thread: string): string => `${thread}.body`;
/** The thread that runs a routine: routines are not shared, so that a thread's steps know its variable. */
export const threadOfRoutine = (routine: string): string => routine.slice(0, routine.indexOf('.'));

/** Why nothing certain can be said of a plan: two orders of events are possible, or the semantics leave it open. */
export class Unpredictable extends Error {}
