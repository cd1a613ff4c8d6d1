import type { CompiledScenario } from '../apc-model/compile.ts';
import { madeObjects, type HandNames, type HandObjectEntry } from '../apc-model/compile-hand-step.ts';
import { THREAD_FIRST, type ObjectTypeName, type ThreadIndex } from '../apc-model/event.ts';

/** What a step by hand can name: the scenario's threads, objects and routines, and those made by hand since. */
export class SessionNames implements HandNames {
  readonly threads: Map<string, ThreadIndex>;
  readonly routines: readonly string[];
  readonly variables: readonly string[];
  readonly objects: { name: string; type: ObjectTypeName }[];
  /** Those that came by hand, with their index: one that comes again is the same. */
  readonly texts = new Map<string, number>();

  constructor({ threadNames, routineNames, variableNames, objectNames, objectTypes }: CompiledScenario) {
    this.threads = new Map(threadNames.map((name, index) => [name, THREAD_FIRST + index]));
    this.routines = routineNames;
    this.variables = variableNames;
    this.objects = objectNames.map((name, index) => ({ name, type: objectTypes[index] ?? 'none' }));
  }

  /** `worker-1` and so on. */
  freeThreadName(): string {
    for (let number = 1; ; number++) {
      const name = `worker-${number}`;
      if (!this.threads.has(name) && !this.objects.some((one) => one.name === name)) return name;
    }
  }
  addThread(name: string, index: ThreadIndex): void {
    this.threads.set(name, index);
  }
  addObject(entry: HandObjectEntry): void {
    this.objects.push(...madeObjects(entry));
  }
}
