import { memo } from 'react';
import type { ThreadAt } from '../../apc-model/thread-state.ts';
import { Tip } from '../controls/Tip.tsx';
import { TERMS } from '../texts.ts';

interface ControllerRowProps {
  thread: ThreadAt;
  words: string;
}

/** The scenario's director: one quiet line. */
export const ControllerRow = memo(
  function ControllerRow({ thread, words }: ControllerRowProps) {
    return (
      <div
        className="row row-controller"
        role="group"
        aria-label={`thread ${thread.name}`}
        data-state={thread.activity}
      >
        <Tip text={TERMS.controller} positioning="after">
          <div className="controller-name clip" tabIndex={0}>
            {thread.name}
          </div>
        </Tip>
        <div className="controller-words clip" title={words}>
          {words}
        </div>
      </div>
    );
  },
  (before, after) => before.words === after.words && before.thread.activity === after.thread.activity,
);
