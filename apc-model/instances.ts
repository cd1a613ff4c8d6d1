import {
  Kind,
  SITE_NONE,
  siteOf,
  type ApcId,
  type EventIndex,
  type SiteIndex,
  type ThreadIndex,
} from './event.ts';
import type { Trace } from './trace.ts';

/** One execution of a step: a call in a loop, or in several activations, has several. */
export interface CallInstance {
  site: SiteIndex;
  thread: ThreadIndex;
  began: EventIndex;
  beganNs: number;
  returned: EventIndex | undefined;
  returnedNs: number | undefined;
  result: number | undefined;
  lastError: number | undefined;
  /** The APC that this call queued; those that it armed: of a periodic timer one for each period. */
  apcs: ApcId[];
}

/** One run of an APC's routine. */
export interface ApcRun {
  apc: ApcId;
  thread: ThreadIndex;
  began: EventIndex;
  ended: EventIndex | undefined;
  /** The calls that were open on its thread when it began, outermost first: also one that queues it to itself. */
  during: CallInstance[];
}

/** Every call and every APC run of a trace, paired up as stacks on each thread. */
export interface Instances {
  bySite: Map<SiteIndex, CallInstance[]>;
  runs: ApcRun[];
}

export function collectInstances(trace: Trace): Instances {
  const { table } = trace;
  const bySite = new Map<SiteIndex, CallInstance[]>();
  const runs: ApcRun[] = [];
  const open = new Map<ThreadIndex, (CallInstance | ApcRun)[]>();
  const queueing = new Map<ApcId, CallInstance>();
  const stackOf = (thread: ThreadIndex) => {
    let stack = open.get(thread);
    if (stack === undefined) open.set(thread, (stack = []));
    return stack;
  };
  const begin = (index: EventIndex, apcs: ApcId[]): CallInstance => {
    const instance: CallInstance = {
      site: siteOf(table.valueHigh(index)),
      thread: table.thread(index),
      began: index,
      beganNs: table.timeNs(index),
      returned: undefined,
      returnedNs: undefined,
      result: undefined,
      lastError: undefined,
      apcs,
    };
    if (instance.site !== SITE_NONE) {
      const list = bySite.get(instance.site);
      if (list === undefined) bySite.set(instance.site, [instance]);
      else list.push(instance);
    }
    return instance;
  };
  const finish = (instance: CallInstance, index: EventIndex): void => {
    instance.returned = index;
    instance.returnedNs = table.timeNs(index);
    instance.result = table.valueLow(index);
    instance.lastError = table.valueHigh(index);
  };
  /** The call that armed an APC: the open one, or for a later period the last one of this step that armed any. */
  const armedBy = (index: EventIndex): CallInstance | undefined => {
    const site = siteOf(table.valueHigh(index));
    const target = table.valueLow(index) & 0xffff;
    const open = stackOf(table.thread(index)).findLast((one) => 'site' in one && isOf(one, site, index));
    if (open !== undefined) return open as CallInstance;
    return bySite.get(site)?.findLast((one) => one.thread === target && one.apcs.length > 0);
  };
  const isOf = (one: CallInstance, site: SiteIndex, index: EventIndex): boolean =>
    one.site === site && table.call(one.began) === table.call(index);

  for (let index = 0; index < table.length; index++) {
    const thread = table.thread(index);
    switch (table.kind(index)) {
      case Kind.callBegan:
        stackOf(thread).push(begin(index, []));
        break;
      case Kind.callReturned: {
        const stack = stackOf(thread);
        const at = stack.findLastIndex((one) => 'site' in one && table.call(one.began) === table.call(index));
        if (at >= 0) finish(stack.splice(at)[0] as CallInstance, index);
        break;
      }
      case Kind.apcQueueing: {
        const instance = begin(index, [table.subject(index)]);
        queueing.set(table.subject(index), instance);
        stackOf(thread).push(instance);
        break;
      }
      case Kind.apcQueued:
      case Kind.apcQueueFailed: {
        // What a timer or an I/O queues has no call of its own.
        const instance = queueing.get(table.subject(index));
        if (instance === undefined) break;
        finish(instance, index);
        queueing.delete(table.subject(index));
        const stack = stackOf(instance.thread);
        const at = stack.lastIndexOf(instance);
        if (at >= 0) stack.splice(at);
        break;
      }
      case Kind.apcArmed:
        armedBy(index)?.apcs.push(table.subject(index));
        break;
      case Kind.apcBegan: {
        const stack = stackOf(thread);
        const run: ApcRun = {
          apc: table.subject(index),
          thread,
          began: index,
          ended: undefined,
          during: stack.filter((one): one is CallInstance => 'site' in one),
        };
        runs.push(run);
        stack.push(run);
        break;
      }
      case Kind.apcEnded: {
        const stack = stackOf(thread);
        const at = stack.findLastIndex((one) => !('site' in one) && one.apc === table.subject(index));
        if (at >= 0) (stack.splice(at)[0] as ApcRun).ended = index;
        break;
      }
      case Kind.threadEnded:
        open.delete(thread);
        break;
    }
  }
  return { bySite, runs };
}
