import { useEffect, useState } from 'react';
import { snapshots } from '../snapshot.ts';
import { narrate } from './narration.ts';

/** A screen reader needs time to finish a sentence. */
const EVERY_MS = 1000;

/** Tells what happens at the live end to those who listen. */
export function Narrator() {
  const [told, tell] = useState('');
  useEffect(() => {
    let session = 0;
    let from = 0;
    let timer: number | undefined;
    const speak = (): void => {
      timer = undefined;
      const snapshot = snapshots.present;
      if (snapshot === undefined) return;
      if (snapshot.session !== session) from = 0;
      session = snapshot.session;
      const sentences = narrate(snapshot.whole.table, from, snapshot.events);
      from = snapshot.events;
      if (sentences.length > 0) tell(`${sentences.join('. ')}.`);
    };
    const stop = snapshots.subscribe(() => {
      const snapshot = snapshots.present;
      if (
        timer !== undefined ||
        snapshot === undefined ||
        (snapshot.session === session && snapshot.events === from)
      )
        return;
      timer = window.setTimeout(speak, EVERY_MS);
    });
    return () => {
      stop();
      window.clearTimeout(timer);
    };
  }, []);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-atomic="true">
      {told}
    </div>
  );
}
