import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { newThread } from '../controls/new-thread.ts';
import { EMPTY } from '../texts.ts';

/** What to do first. */
export function EmptyBoard({ isConnected }: { isConnected: boolean }) {
  return (
    <div className="board-empty">
      {isConnected ? (
        <>
          <h1>{EMPTY.title}</h1>
          <p>{EMPTY.text}</p>
          <Button icon={<AddRegular />} onClick={() => void newThread(false)}>
            Make a thread
          </Button>
        </>
      ) : (
        <p className="quiet">{EMPTY.noSession}</p>
      )}
    </div>
  );
}
