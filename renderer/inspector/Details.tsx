import { useSnapshot } from '../snapshot.ts';
import { useChoices } from '../store.ts';
import { ApcDetails } from './ApcDetails.tsx';
import { CallDetails } from './CallDetails.tsx';
import { Primer } from './Primer.tsx';
import { ThreadDetails } from './ThreadDetails.tsx';

/** All about what is selected, at the cursor's instant. */
export function Details() {
  const snapshot = useSnapshot();
  const selection = useChoices((choices) => choices.selection);
  if (snapshot === undefined || selection === null) return <Primer />;
  switch (selection.type) {
    case 'thread':
      return <ThreadDetails snapshot={snapshot} thread={selection.thread} />;
    case 'apc':
      return <ApcDetails snapshot={snapshot} apc={selection.apc} />;
    case 'call':
      return <CallDetails snapshot={snapshot} began={selection.began} />;
  }
}
