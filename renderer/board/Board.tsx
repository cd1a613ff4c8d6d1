import { useLayoutEffect, useMemo, useRef, type CSSProperties } from 'react';
import type { PictureColours } from '../../apc-model/app-api.ts';
import { frames } from '../lab.ts';
import { useSnapshot } from '../snapshot.ts';
import { useChoices } from '../store.ts';
import { EMPTY, PAST_LOADING, PAST_UNAVAILABLE, TERMS } from '../texts.ts';
import { Lanes } from '../timeline/Lanes.tsx';
import { Tip } from '../controls/Tip.tsx';
import { Splitter } from '../controls/Splitter.tsx';
import { useWhyNoHands } from '../why-no-hands.ts';
import { useColumnWidths } from './column-widths.ts';
import { ControllerRow } from './ControllerRow.tsx';
import { EmptyBoard } from './EmptyBoard.tsx';
import { moveChips } from './motion.ts';
import { rowView } from './row-view.ts';
import { boardScroll } from './scroll.ts';
import { ThreadRow } from './ThreadRow.tsx';
import './board.css';

/** One row a thread: who it is, what waits in its queues, what it did. */
export function Board({ colours }: { colours: PictureColours }) {
  const snapshot = useSnapshot();
  const past = snapshot?.past ?? 'here';
  const isByHand = useWhyNoHands() === undefined;
  const { headerCss, queuesCss } = useColumnWidths();
  const selection = useChoices((choices) => choices.selection);
  const content = useRef<HTMLDivElement>(null);
  const columns = useMemo(
    () => ({ '--header-width': `${headerCss}px`, '--queues-width': `${queuesCss}px` }) as CSSProperties,
    [headerCss, queuesCss],
  );
  useLayoutEffect(() => {
    if (content.current !== null && snapshot !== undefined) moveChips(content.current, snapshot);
  }, [snapshot]);
  const rows = snapshot?.rows ?? [];
  return (
    <section
      className="board"
      style={columns}
      aria-label="Threads"
      aria-busy={past === 'loading'}
      data-past={past}
    >
      {past !== 'here' && (
        <p className="board-past" role="status">
          {past === 'loading' ? PAST_LOADING : PAST_UNAVAILABLE}
        </p>
      )}
      <div
        className="board-scroll"
        onScroll={(event) => {
          boardScroll.topCss = event.currentTarget.scrollTop;
          frames.invalidatePaint();
        }}
      >
        <div className="board-content" ref={content}>
          <div className="board-head">
            <div>Thread</div>
            <div>
              <Tip text={TERMS.userQueue}>
                <span tabIndex={0}>Waiting APCs</span>
              </Tip>
              <span className="grow" />
              <Tip text={TERMS.gate}>
                <span tabIndex={0}>Gate</span>
              </Tip>
              <Tip text={TERMS.slot}>
                <span tabIndex={0} className="board-head-slot">
                  Running
                </span>
              </Tip>
            </div>
          </div>
          {snapshot !== undefined &&
            rows.map((row) => {
              const { index, controller } = row.thread;
              const view = rowView(snapshot.trace, row, snapshot.at.count, snapshot.at.timeNs);
              return controller ? (
                <ControllerRow key={index} words={view.words} thread={row.thread} />
              ) : (
                <ThreadRow
                  key={`${snapshot.session}:${index}`}
                  view={view}
                  queuesCss={queuesCss}
                  isSelected={selection?.thread === index}
                  selectedApc={selection?.type === 'apc' ? selection.apc : undefined}
                  isSessionOver={snapshot.phase !== 'running'}
                />
              );
            })}
          {isByHand && rows.length > 0 && !rows.some(({ thread }) => thread.handDriven) && (
            <p className="board-hint">{EMPTY.hint}</p>
          )}
        </div>
      </div>
      {rows.length === 0 ? <EmptyBoard isConnected={snapshot !== undefined} /> : <Lanes colours={colours} />}
      <Splitter panel="headerCss" className="split-header" label="Width of the thread column" />
      <Splitter panel="queuesCss" className="split-queues" label="Width of the queue column" />
    </section>
  );
}
