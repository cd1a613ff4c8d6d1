import { useRef } from 'react';
import { PANEL_LIMITS, resizePanel, useChoices, type PanelName } from '../store.ts';

interface SplitterProps {
  panel: PanelName;
  className: string;
  label: string;
  /** The panel lies to the right of its splitter. */
  isMirrored?: boolean;
}

const STEP_CSS = 16;

/** Drags, or moves by arrow keys, the border of a panel. */
export function Splitter({ panel, className, label, isMirrored = false }: SplitterProps) {
  const widthCss = useChoices((choices) => choices[panel]);
  const grip = useRef<{ xCss: number; widthCss: number } | null>(null);
  const sign = isMirrored ? -1 : 1;
  const [least, most] = PANEL_LIMITS[panel];
  return (
    <div
      className={`splitter ${className}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={widthCss}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={(event) => {
        grip.current = { xCss: event.clientX, widthCss };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (grip.current !== null)
          resizePanel(panel, grip.current.widthCss + sign * (event.clientX - grip.current.xCss));
      }}
      onPointerUp={() => (grip.current = null)}
      onKeyDown={(event) => {
        const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
        if (direction === 0) return;
        event.preventDefault();
        resizePanel(panel, widthCss + sign * direction * STEP_CSS);
      }}
    />
  );
}
