import { useSnapshot } from '../snapshot.ts';
import { TERMS } from '../texts.ts';
import { Tip } from '../controls/Tip.tsx';
import { ObjectPill } from './ObjectPill.tsx';
import { objectViews } from './object-view.ts';
import './objects.css';

/** What threads wait for, below their rows; nothing at all while there is none. */
export function ObjectStrip() {
  const snapshot = useSnapshot();
  if (snapshot === undefined || snapshot.objects.length === 0) return null;
  const { trace, at, objects } = snapshot;
  const views = objectViews(trace.table, objects, at.objects, at.threads);
  return (
    <section className="objects" aria-label="Objects">
      <div className="objects-head">
        <Tip text={TERMS.objects} positioning="above-start">
          <span tabIndex={0}>Objects</span>
        </Tip>
        <span className="quiet">{views.length}</span>
      </div>
      <div className="objects-list">
        {views.map((view) => (
          <ObjectPill
            key={`${snapshot.session}:${view.index}`}
            view={view}
            isSessionOver={snapshot.phase !== 'running'}
          />
        ))}
      </div>
    </section>
  );
}
