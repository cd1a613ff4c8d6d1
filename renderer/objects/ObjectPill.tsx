import { memo } from 'react';
import { TERMS, type TermName } from '../texts.ts';
import { Tip } from '../controls/Tip.tsx';
import { ObjectActions } from './ObjectActions.tsx';
import { ObjectIcon } from './object-icons.tsx';
import { sameObject, type ObjectView } from './object-view.ts';

interface ObjectPillProps {
  view: ObjectView;
  isSessionOver: boolean;
}

/** One object: what it is, how it stands, who waits for it, and what a hand can do to it. */
export const ObjectPill = memo(
  function ObjectPill({ view, isSessionOver }: ObjectPillProps) {
    const { index, name, type, words, signaled, isToCome, isClosed, waiting } = view;
    const term = type in TERMS ? TERMS[type as TermName] : name;
    return (
      <div
        className="object"
        role="group"
        aria-label={`object ${name}`}
        data-object={index}
        data-type={type}
        data-signaled={signaled}
        data-closed={isClosed || undefined}
        data-to-come={isToCome || undefined}
      >
        <Tip text={term} positioning="above-start">
          <span className="object-name" tabIndex={0}>
            <ObjectIcon type={type} />
            <span className="clip">{name}</span>
          </span>
        </Tip>
        <span className="object-words clip" title={waiting === '' ? words : `${words} · ${waiting}`}>
          {signaled !== undefined && <span className="object-light" aria-hidden />}
          {words}
          {waiting !== '' && <span className="object-waiting"> · {waiting}</span>}
        </span>
        <ObjectActions object={index} type={type} isSessionOver={isSessionOver} />
      </div>
    );
  },
  (before, after) => before.isSessionOver === after.isSessionOver && sameObject(before.view, after.view),
);
