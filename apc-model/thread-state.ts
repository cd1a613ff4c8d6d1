import type {
  ApcId,
  EventIndex,
  ObjectIndex,
  ObjectTypeName,
  RoutineIndex,
  SiteIndex,
  ThreadIndex,
} from './event.ts';
import type { ObjectState } from './object-state.ts';

/** What a thread may be doing, in the words of the screen and of `data-state`. `ended` is the last. */
export const ACTIVITIES = [
  'notStarted',
  'running',
  'runningApc',
  'alertableWait',
  'wait',
  'waitingForStep',
  'suspended',
  'ended',
] as const;
export type Activity = (typeof ACTIVITIES)[number];
/** An activity's place in ACTIVITIES: what is folded event by event counts in numbers. */
export type ActivityIndex = number;

export interface CallFrame {
  type: 'call';
  call: number;
  site: SiteIndex;
  beganNs: number;
  /** Milliseconds of a wait (0xFFFFFFFF INFINITE) or the call's main number. */
  amount: number;
  alertable: boolean;
  subject: number;
  began: EventIndex;
}
export interface ApcFrame {
  type: 'apc';
  apc: ApcId;
  routine: RoutineIndex;
  beganNs: number;
  began: EventIndex;
}
/** What is open on a thread, outermost first: a call, the APC that it delivers, a call in that, … */
export type Frame = CallFrame | ApcFrame;

/** A user APC that has not run: its place in the queue, as far as it is known. */
export interface QueuedApc {
  apc: ApcId;
  routine: RoutineIndex;
  /** Who queued it, and by which call. */
  source: ThreadIndex;
  origin: number;
  special: boolean;
  /** The first of its arguments; 0 while it is not known, as of a timer or an I/O until it runs. */
  argument: bigint;
  /** When its way into the queue began: the queuing call, the arming, then the expiry or completion where that is told. */
  queueingNs: number;
  queueing: EventIndex;
  /** undefined while the queuing call has not returned: its order against overlapping calls is not known. */
  queued: EventIndex | undefined;
  /** `in-flight`: armed, but not known to be queued. */
  state: 'queueing' | 'pending' | 'in-flight';
}

export interface ApcCounts {
  queued: number;
  delivered: number;
  cancelled: number;
  vanished: number;
  lost: number;
  failed: number;
}

/** How long a queue is, and what stands first in it. */
export interface QueueFront {
  readonly length: number;
  first(count: number): QueuedApc[];
}

/** One thread at one instant. */
export interface ThreadAt {
  index: ThreadIndex;
  name: string;
  osThreadId: number;
  handDriven: boolean;
  controller: boolean;
  activity: Activity;
  suspendCount: number;
  frames: readonly Frame[];
  /** Made out when they are looked at: of thousands rather ask `waiting`. */
  userQueue: readonly QueuedApc[];
  specialQueue: readonly QueuedApc[];
  /** The same queues, without a cost that grows with them. */
  waiting: Readonly<{ user: QueueFront; special: QueueFront }>;
  /** Steps that stand in a hand-driven thread's mailbox. */
  mailbox: number;
  exitCode: number | undefined;
  endReason: number | undefined;
  counts: Readonly<ApcCounts>;
  /** When the present activity began, so that a view can say how long it lasts. */
  sinceNs: number;
}

/** One object at one instant: as it was last seen. */
export interface ObjectAt {
  index: ObjectIndex;
  name: string;
  type: ObjectTypeName;
  /** undefined until something is told of it. */
  state: ObjectState | undefined;
  /** The event that told it. */
  changed: EventIndex | undefined;
  changedNs: number | undefined;
}

/** Everything at one instant. */
export interface SessionAt {
  timeNs: number;
  /** Events below this had happened. */
  count: number;
  threads: readonly ThreadAt[];
  /** In index order; those that are defined, without I/O. */
  objects: readonly ObjectAt[];
  /** Events lost because a ring was full. */
  lostEvents: number;
  /** Callbacks that contradicted the known order. */
  mismatches: number;
}
