import { Kind, type EventIndex, type ObjectIndex } from './event.ts';
import type { EventTable } from './event-table.ts';
import type { ObjectQuality } from './expectation-names.ts';
import type { ObjectState } from './object-state.ts';
import type { Expectation } from './scenario.ts';
import type { Trace } from './trace.ts';

/** One thing that was to be seen: what it was, what came, whether they agree, and where in the trace to look. */
export interface Check {
  expected: string;
  actual: string;
  holds: boolean;
  near?: EventIndex | undefined;
}

type Wanted = Extract<Expectation, { object: string }>;

/** An object as the trace tells it last: after a run that is how a query found it. */
export function objectChecks(trace: Trace, wanted: Wanted): Check[] {
  const { object: name, ...said } = wanted;
  const end = trace.history.atCount(trace.table.length);
  const object = end.objects.find((one) => one.name === name);
  const thread = end.threads.find((one) => one.name === name);
  const state =
    object !== undefined || thread === undefined
      ? object?.state
      : { closed: false, signaled: thread.activity === 'ended' };
  const qualities = Object.keys(said) as ObjectQuality[];
  return qualities.map((quality, at): Check => {
    const expected = wantedText(quality, wanted);
    return {
      expected: at === 0 ? `${name}: ${expected}` : expected,
      actual: state === undefined ? `of ${name} nothing was told` : stateText(quality, state, trace),
      holds: state !== undefined && agrees(quality, wanted, state, trace),
      near: object === undefined ? undefined : changedAt(trace.table, object.index),
    };
  });
}

/** When it came to be as it is: queries that find it unchanged are not worth looking at. */
function changedAt(table: EventTable, object: ObjectIndex): EventIndex | undefined {
  let since: EventIndex | undefined;
  for (let index = 0; index < table.length; index++) {
    if (table.kind(index) !== Kind.objectChanged || table.subject(index) !== object) continue;
    const isSame =
      since !== undefined &&
      table.valueLow(since) === table.valueLow(index) &&
      table.valueHigh(since) === table.valueHigh(index);
    if (!isSame) since = index;
  }
  return since;
}

function agrees(quality: ObjectQuality, wanted: Wanted, state: ObjectState, trace: Trace): boolean {
  if (quality !== 'owner') return state[quality] === wanted[quality];
  if (state.owner === 'nobody' || state.owner === undefined) return wanted.owner === null;
  // Windows tells only its owner whose a mutex is: a name can't be contradicted then.
  if (state.owner === 'unknown') return wanted.owner !== null;
  return trace.table.threadName(state.owner) === wanted.owner;
}

const wantedText = (quality: ObjectQuality, wanted: Wanted): string =>
  quality === 'owner' ? ownerText(wanted.owner ?? undefined) : qualityText(quality, wanted[quality]);

function stateText(quality: ObjectQuality, state: ObjectState, trace: Trace): string {
  if (quality !== 'owner') return `it is ${qualityText(quality, state[quality])}`;
  if (state.owner === 'unknown') return 'it is owned, by whom is not known';
  return `it is ${ownerText(typeof state.owner === 'number' ? trace.table.threadName(state.owner) : undefined)}`;
}

const ownerText = (name: string | undefined): string => (name === undefined ? 'free' : `owned by ${name}`);

/** `signaled`, `not abandoned`, `at count 2`, `holding 3 packets`. */
function qualityText(quality: Exclude<ObjectQuality, 'owner'>, value: boolean | number | undefined): string {
  switch (quality) {
    case 'signaled':
    case 'abandoned':
      return value === true ? quality : `not ${quality}`;
    case 'count':
      return `at count ${value}`;
    case 'packets':
      return `holding ${value} ${value === 1 ? 'packet' : 'packets'}`;
    case 'bytes':
      return `holding ${value} ${value === 1 ? 'byte' : 'bytes'}`;
  }
}
