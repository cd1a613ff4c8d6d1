import { THREAD_FIRST, type ThreadIndex } from '../../apc-model/event.ts';
import { apcRoutines } from '../board/apc-routines.ts';
import { scenarioFacts } from '../scenario-facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Names } from './form.ts';

const SOON_MS = 5000;

/** What a call can name now, at the live end, whatever instant the board shows. */
export function liveNames(snapshot: Snapshot, caller: ThreadIndex | null): Names {
  const { trace, rows, objects } = snapshot;
  const { names } = trace.table;
  const threads = rows.map(({ live }) => live).filter((thread) => !thread.controller);
  const created = new Set(threads.map(({ index }) => index));
  return {
    self: caller === null ? '' : trace.table.threadName(caller),
    threads: threads.filter(({ activity }) => activity !== 'ended').map(({ name }) => name),
    uncreated: [...names.threads]
      .filter(([index]) => index >= THREAD_FIRST && !created.has(index))
      .map(([, name]) => name),
    routines: apcRoutines(trace).map(({ name }) => name),
    objects: objects.map(({ name, type }) => ({ name, type })),
    io: [...names.objects.keys()]
      .filter((index) => trace.table.objectType(index) === 'io')
      .map((index) => trace.table.objectName(index))
      .reverse(),
    variables: scenarioFacts(trace.meta).variables,
    soonMs: Math.ceil((snapshot.liveNs / 1e6 + SOON_MS) / 1000) * 1000,
  };
}
