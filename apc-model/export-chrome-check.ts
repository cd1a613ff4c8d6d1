/** One event of Chrome's Trace Event Format, as far as we write it. */
export interface ChromeEvent {
  ph: 'X' | 'M' | 'i' | 'C' | 's' | 'f';
  ts: number;
  pid: number;
  tid: number;
  name: string;
  dur?: number;
  cat?: string;
  s?: string;
  id?: number;
  bp?: string;
  args?: Record<string, unknown>;
}

export interface ChromeTrace {
  traceEvents: ChromeEvent[];
  displayTimeUnit: string;
  otherData: Record<string, unknown>;
}

const PHASES = new Set(['X', 'M', 'i', 'C', 's', 'f']);

/**
 * A strict reading of a Chrome JSON trace, for tests: throws where slices of a track overlap without nesting, an arrow has
 * one end or an end outside of every slice, a track has no name, or a field is missing.
 */
export function checkChromeTrace(text: string): ChromeTrace {
  const trace = JSON.parse(text) as ChromeTrace;
  const fail = (what: string, event: unknown): never => {
    throw new Error(`${what}: ${JSON.stringify(event)}`);
  };
  if (Object.keys(trace)[0] !== 'traceEvents') fail('traceEvents is not the first key', Object.keys(trace));
  if (trace.displayTimeUnit !== 'ns') fail('no time unit', trace.displayTimeUnit);
  const slices = new Map<number, ChromeEvent[]>();
  const named = new Set<number>();
  const arrows = new Map<number, ChromeEvent[]>();
  for (const event of trace.traceEvents) {
    if (!PHASES.has(event.ph)) fail('an unknown phase', event);
    if (!Number.isFinite(event.ts) || event.ts < 0) fail('no time', event);
    if (event.pid !== 1 || !Number.isInteger(event.tid) || event.tid < 1) fail('no track', event);
    if (typeof event.name !== 'string' || event.name === '') fail('no name', event);
    if (event.ph === 'M' && event.name === 'thread_name') {
      if (named.has(event.tid)) fail('a track has two names', event);
      named.add(event.tid);
    }
    if (event.ph === 'X') {
      if (!(event.dur! >= 0)) fail('no length', event);
      slices.set(event.tid, [...(slices.get(event.tid) ?? []), event]);
    }
    if (event.ph === 's' || event.ph === 'f')
      arrows.set(event.id!, [...(arrows.get(event.id!) ?? []), event]);
    if (event.ph === 'f' && event.bp !== 'e') fail('an arrow that ends in the next slice', event);
    if (event.ph === 'i' && event.s !== 't' && event.s !== 'p') fail('no scope', event);
    if (event.ph === 'C' && !(Number(event.args?.['APCs']) >= 0)) fail('no count', event);
  }
  for (const [track, own] of slices) {
    if (!named.has(track)) fail('a track without a name', track);
    checkNesting(own, fail);
  }
  for (const both of arrows.values()) {
    const [start, end] = both;
    if (both.length !== 2 || start!.ph !== 's' || end!.ph !== 'f') fail('an arrow is not a pair', both);
    if (start!.ts > end!.ts) fail('an arrow runs back in time', both);
    for (const one of both) {
      const holds = slices
        .get(one.tid)
        ?.some(({ ts, dur }) => nsOf(ts) <= nsOf(one.ts) && nsOf(one.ts) <= nsOf(ts) + nsOf(dur!));
      if (holds !== true) fail('an arrow ends in no slice', one);
    }
  }
  return trace;
}

const nsOf = (micros: number): number => Math.round(micros * 1000);

/** As readers do it: by time, of two that begin at once the longer one first. */
function checkNesting(slices: readonly ChromeEvent[], fail: (what: string, event: unknown) => never): void {
  const sorted = [...slices].sort((a, b) => a.ts - b.ts || b.dur! - a.dur!);
  const ends: number[] = [];
  for (const slice of sorted) {
    const begin = nsOf(slice.ts);
    const end = begin + nsOf(slice.dur!);
    while (ends.length > 0 && ends.at(-1)! <= begin) ends.pop();
    if (ends.length > 0 && end > ends.at(-1)!) fail('a slice reaches out of the one around it', slice);
    ends.push(end);
  }
}
