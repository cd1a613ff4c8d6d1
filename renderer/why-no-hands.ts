import { useSnapshotPart } from './snapshot.ts';
import { NO_SESSION, SAVED_TRACE, SESSION_OVER } from './texts.ts';

/** Why nothing can be made or changed by hand in what is shown; undefined where it can. */
export const useWhyNoHands = (): string | undefined =>
  useSnapshotPart((snapshot) => {
    if (snapshot === undefined) return NO_SESSION;
    if (snapshot.opened !== null) return SAVED_TRACE;
    return snapshot.phase === 'running' ? undefined : SESSION_OVER;
  });
