import type { ThreadAt } from '../../apc-model/thread-state.ts';
import { Tip } from '../controls/Tip.tsx';
import { TERMS } from '../texts.ts';

interface GateProps {
  isOpen: boolean;
  thread: ThreadAt;
}

/** Two leaves that part while the thread is alertable. */
export function Gate({ isOpen, thread }: GateProps) {
  const word = isOpen ? 'open' : 'closed';
  return (
    <Tip text={isOpen ? TERMS.gateOpen : TERMS.gateClosed}>
      <div
        className="gate"
        data-open={isOpen}
        role="img"
        aria-label={`gate of ${thread.name}: ${word}`}
        tabIndex={0}
      >
        <svg viewBox="0 0 28 52" width="28" height="52" aria-hidden>
          <path className="gate-posts" d="M4 2h20M4 50h20" />
          <rect className="gate-leaf gate-leaf-upper" x="10" y="3" width="8" height="22.5" rx="1.5" />
          <rect className="gate-leaf gate-leaf-lower" x="10" y="26.5" width="8" height="22.5" rx="1.5" />
          <path className="gate-arrow" d="M5 26h15m-5-5 5 5-5 5" />
        </svg>
        <span className="gate-word">{word}</span>
      </div>
    </Tip>
  );
}
