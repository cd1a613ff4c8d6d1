import { memo } from 'react';
import { sameRow } from './same-row.ts';
import { QueueCell } from './QueueCell.tsx';
import { RowHeader } from './RowHeader.tsx';
import type { RowView } from './row-view.ts';

interface ThreadRowProps {
  view: RowView;
  queuesCss: number;
  isSelected: boolean;
  selectedApc: number | undefined;
  isSessionOver: boolean;
}

export const ThreadRow = memo(
  function ThreadRow({ view, queuesCss, isSelected, selectedApc, isSessionOver }: ThreadRowProps) {
    const { thread } = view;
    return (
      <div
        className="row"
        role="group"
        aria-label={`thread ${thread.name}`}
        data-state={thread.activity}
        data-thread={thread.index}
        data-selected={isSelected || undefined}
      >
        <RowHeader view={view} isSelected={isSelected} isSessionOver={isSessionOver} />
        <QueueCell view={view} widthCss={queuesCss} selectedApc={selectedApc} />
      </div>
    );
  },
  (before, after) =>
    before.queuesCss === after.queuesCss &&
    before.isSelected === after.isSelected &&
    before.selectedApc === after.selectedApc &&
    before.isSessionOver === after.isSessionOver &&
    sameRow(before.view, after.view),
);
