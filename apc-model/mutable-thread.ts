import { isWait, type ThreadIndex } from './event.ts';
import type { Activity, ApcCounts, Frame, QueuedApc, ThreadAt } from './thread-state.ts';

const noCounts = (): ApcCounts => ({
  queued: 0,
  delivered: 0,
  cancelled: 0,
  vanished: 0,
  lost: 0,
  failed: 0,
});

/** A thread while its events are folded. */
export class MutableThread {
  osThreadId = 0;
  handDriven = false;
  controller = false;
  started = false;
  suspendCount = 0;
  frames: Frame[] = [];
  user: QueuedApc[] = [];
  special: QueuedApc[] = [];
  mailbox = 0;
  exitCode: number | undefined;
  endReason: number | undefined;
  counts = noCounts();
  sinceNs = 0;
  activity: Activity = 'notStarted';
  readonly index: ThreadIndex;

  constructor(index: ThreadIndex) {
    this.index = index;
  }

  get ended(): boolean {
    return this.endReason !== undefined;
  }

  clone(): MutableThread {
    const copy = Object.assign(new MutableThread(this.index), this);
    copy.frames = this.frames.slice();
    copy.user = this.user.slice();
    copy.special = this.special.slice();
    copy.counts = { ...this.counts };
    return copy;
  }

  /** The innermost wins, but an ended or suspended thread is just that. */
  derive(): Activity {
    if (this.ended) return 'ended';
    if (this.suspendCount > 0) return 'suspended';
    if (!this.started) return 'notStarted';
    const top = this.frames.at(-1);
    if (top === undefined) return this.handDriven ? 'waitingForStep' : 'running';
    if (top.type === 'apc') return 'runningApc';
    if (!isWait(top.call))
      return this.frames.some((frame) => frame.type === 'apc') ? 'runningApc' : 'running';
    return top.alertable ? 'alertableWait' : 'wait';
  }

  /** Closes frames down to and including the innermost that matches; leaves the stack alone where none does. */
  pop(matches: (frame: Frame) => boolean): void {
    const at = this.frames.findLastIndex(matches);
    if (at >= 0) this.frames.length = at;
  }

  snapshot(name: string): ThreadAt {
    return {
      index: this.index,
      name,
      osThreadId: this.osThreadId,
      handDriven: this.handDriven,
      controller: this.controller,
      activity: this.activity,
      suspendCount: this.suspendCount,
      frames: this.frames.slice(),
      userQueue: this.user.slice(),
      specialQueue: this.special.slice(),
      mailbox: this.mailbox,
      exitCode: this.exitCode,
      endReason: this.endReason,
      counts: { ...this.counts },
      sinceNs: this.sinceNs,
    };
  }
}
