import type { EngineInfo } from '../../electron/native/bridge.ts';

/** What a random scenario may use, and what the engine that it is for does otherwise than Windows. */
export interface Dialect {
  /** Functions that are there: special APCs (facts 124..131), NtQueueApcThreadEx and its reserve objects (132, 133). */
  special: boolean;
  reserve: boolean;
  /**
   * A blocked wait that an APC ends looks at its objects once more before it returns: what was signaled right behind the
   * APC comes first after all (against facts 40 and 68; Wine's server_select asks its server anew).
   */
  looksAgain: boolean;
  /** SignalObjectAndWait signals once more when an APC ends it while it is blocked (fact 72). */
  signalsTwice: boolean;
  /** A wait for all takes the same handle twice (fact 56). */
  takesTwins: boolean;
  /** A wait for several takes pseudo handles (fact 55). */
  takesPseudo: boolean;
  /** A packet comes before an APC also where the thread never took one from the port (fact 77). */
  packetFirst: boolean;
}

/** Without what the engine lacks. */
export function within(dialect: Dialect, { capabilities }: Pick<EngineInfo, 'capabilities'>): Dialect {
  const has = (name: string): boolean => capabilities.some((one) => one.name === name && one.present);
  return {
    ...dialect,
    special: dialect.special && has('queueUserApc2.special') && has('ntQueueApcThreadEx.special'),
    reserve: dialect.reserve && has('ntQueueApcThreadEx.reserve'),
  };
}

export const WINDOWS: Dialect = {
  special: true,
  reserve: true,
  looksAgain: false,
  signalsTwice: false,
  takesTwins: false,
  takesPseudo: false,
  packetFirst: false,
};

/** Wine 8.0 (semantics.md, "Wine 8.0 versus Windows"): the model refuses plans in which the difference would show. */
export const WINE: Dialect = {
  special: false,
  reserve: false,
  looksAgain: true,
  signalsTwice: true,
  takesTwins: true,
  takesPseudo: true,
  packetFirst: true,
};
