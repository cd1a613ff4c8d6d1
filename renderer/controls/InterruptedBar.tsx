import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components';
import { send } from '../commands.ts';
import { interruptedSessions } from '../interrupted.ts';
import { CONTROLS } from '../texts.ts';
import { Tip } from './Tip.tsx';

/** Offers the latest session that a crash interrupted; the next one follows when that has been answered. */
export function InterruptedBar() {
  const [session] = interruptedSessions((state) => state.sessions);
  if (session === undefined) return null;
  const { id, title, startedUnixMs } = session;
  const when = new Date(startedUnixMs).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <MessageBar intent="info" layout="singleline" className="interrupted" politeness="polite">
      <MessageBarBody>
        A session of <b>{title}</b> was interrupted on {when}. It is whole up to its last quarter of a second.
      </MessageBarBody>
      <MessageBarActions>
        <Tip text={CONTROLS.openInterrupted}>
          <Button size="small" onClick={() => send({ type: 'openInterrupted', id })}>
            Open
          </Button>
        </Tip>
        <Tip text={CONTROLS.discardInterrupted}>
          <Button size="small" appearance="subtle" onClick={() => send({ type: 'discardInterrupted', id })}>
            Discard
          </Button>
        </Tip>
      </MessageBarActions>
    </MessageBar>
  );
}
