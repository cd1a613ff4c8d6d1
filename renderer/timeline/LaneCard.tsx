import type { LaneHover } from './lane-pointer.ts';

const GAP_CSS = 14;
const CARD_CSS = 280;

/** What lies under the pointer, in words. */
export function LaneCard({ hover }: { hover: LaneHover }) {
  const { words, xCss, yCss } = hover;
  const isFarRight = xCss > CARD_CSS + GAP_CSS;
  return (
    <div
      className="lane-card"
      style={{
        top: yCss + GAP_CSS,
        ...(isFarRight ? { left: xCss - GAP_CSS, transform: 'translateX(-100%)' } : { left: xCss + GAP_CSS }),
      }}
    >
      <strong>{words.title}</strong>
      <dl>
        {words.lines.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
