/** What a random scenario may use, and what the engine that it is for does otherwise than Windows. */
export interface Dialect {
  /** Functions that are there: special APCs (facts 124..131), NtQueueApcThreadEx and its reserve objects (132, 133). */
  special: boolean;
  reserve: boolean;
  /** SignalObjectAndWait signals once more when an APC ends it while it is blocked (fact 72). */
  signalsTwice: boolean;
  /** A wait for all takes the same handle twice (fact 56). */
  takesTwins: boolean;
  /** A packet comes before an APC also where the thread never took one from the port (fact 77). */
  packetFirst: boolean;
  /** A thread that was suspended when it was terminated keeps its suspend count (fact 108: on Windows there is none left). */
  keepsSuspendCount: boolean;
}

export const WINDOWS: Dialect = {
  special: true,
  reserve: true,
  signalsTwice: false,
  takesTwins: false,
  packetFirst: false,
  keepsSuspendCount: false,
};

/** Wine 8.0 (semantics.md, "Wine 8.0 versus Windows"): the model refuses plans in which the difference would show. */
export const WINE: Dialect = {
  special: false,
  reserve: false,
  signalsTwice: true,
  takesTwins: true,
  packetFirst: true,
  keepsSuspendCount: true,
};
