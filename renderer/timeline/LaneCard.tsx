import type { LaneHover } from './lane-pointer.ts';

const GAP_CSS = 14;
const CARD_CSS = 280;

/** What lies under the pointer, in words. */
export function LaneCard({ hover }: { hover: LaneHover }) {
  const { item, xCss, yCss } = hover;
  const isFarRight = xCss > CARD_CSS + GAP_CSS;
  return (
    <div
      className="lane-card"
      style={{ top: yCss + GAP_CSS, ...(isFarRight ? { left: xCss - GAP_CSS, transform: 'translateX(-100%)' } : { left: xCss + GAP_CSS }) }}
    >
      <strong>{item.title}</strong>
      {item.lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}
