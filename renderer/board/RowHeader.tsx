import { Badge } from '@fluentui/react-components';
import { HandLeftRegular } from '@fluentui/react-icons';
import { select } from '../store.ts';
import { Tip } from '../controls/Tip.tsx';
import { TERMS } from '../texts.ts';
import { RowControls } from './RowControls.tsx';
import type { RowView } from './row-view.ts';

interface RowHeaderProps {
  view: RowView;
  isSelected: boolean;
  isSessionOver: boolean;
}

export function RowHeader({ view, isSelected, isSessionOver }: RowHeaderProps) {
  const { thread, words } = view;
  const { counts } = thread;
  return (
    <div className="row-header" onClick={() => select({ type: 'thread', thread: thread.index })}>
      <div className="row-title">
        <button type="button" className="row-name clip" aria-pressed={isSelected} title={thread.name}>
          {thread.name}
        </button>
        {thread.handDriven && thread.mailbox === 0 && (
          <Tip text={TERMS.handDriven}>
            <span className="row-kind" tabIndex={0} role="img" aria-label="driven by hand">
              <HandLeftRegular />
            </span>
          </Tip>
        )}
        <span className="grow" />
        {thread.mailbox > 0 && (
          <Tip text={TERMS.mailbox}>
            <Badge size="small" appearance="tint" color="brand" className="row-mailbox">
              {thread.mailbox} step{thread.mailbox === 1 ? '' : 's'} waiting
            </Badge>
          </Tip>
        )}
        {thread.osThreadId !== 0 && (
          <Tip text={TERMS.threadId}>
            <span className="quiet selectable">tid {thread.osThreadId}</span>
          </Tip>
        )}
      </div>
      <div className="row-words" title={words}>
        <span className="swatch" data-state={thread.activity} aria-hidden />
        <span>{words}</span>
      </div>
      {thread.activity === 'ended' ? (
        <div className="row-counts quiet">
          {counts.queued} queued · {counts.delivered} delivered
          {counts.cancelled > 0 && ` · ${counts.cancelled} cancelled`}
          {counts.lost > 0 && (
            <>
              {' · '}
              <strong className="lost-count">{counts.lost} lost</strong>
            </>
          )}
        </div>
      ) : (
        <RowControls thread={view.live} isSessionOver={isSessionOver} />
      )}
    </div>
  );
}
