import { Kind, ROUTINE_NONE, type RoutineIndex } from '../../apc-model/event.ts';
import type { Trace } from '../../apc-model/trace.ts';

export interface RoutineChoice {
  routine: RoutineIndex;
  name: string;
}

interface Uses {
  seen: number;
  bodies: Set<RoutineIndex>;
  apcs: Set<RoutineIndex>;
}
const usesOf = new WeakMap<Trace, Uses>();

/**
 * Every routine that can be queued, the likeliest first: those that ran as APCs already, then those that are no thread's
 * body.
 */
export function apcRoutines(trace: Trace): RoutineChoice[] {
  const { bodies, apcs } = follow(trace);
  const rank = (routine: RoutineIndex): number => (apcs.has(routine) ? 0 : bodies.has(routine) ? 2 : 1);
  return [...trace.table.names.routines]
    .map(([routine, name]) => ({ routine, name }))
    .sort((a, b) => rank(a.routine) - rank(b.routine) || a.routine - b.routine);
}

function follow(trace: Trace): Uses {
  const { table } = trace;
  let uses = usesOf.get(trace);
  if (uses === undefined) usesOf.set(trace, (uses = { seen: 0, bodies: new Set(), apcs: new Set() }));
  uses.seen = Math.max(uses.seen, table.firstIndex);
  for (; uses.seen < table.length; uses.seen++) {
    if (table.kind(uses.seen) === Kind.apcQueueing) uses.apcs.add(table.valueLow(uses.seen) >>> 16);
    if (table.kind(uses.seen) !== Kind.threadCreated) continue;
    const body = table.valueHigh(uses.seen) & 0xffff;
    if (body !== ROUTINE_NONE) uses.bodies.add(body);
  }
  return uses;
}
