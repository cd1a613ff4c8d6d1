import { fillRound, frame, snap, snapBox, type Brush } from './brush.ts';
import type { Arrow, Bracket, DepthCurve, Pill, WaitingApc } from './draw-list.ts';
import { tip } from './paint-patterns.ts';

/** A waiting APC: hollow, where a running one is solid. A special one has a second frame. */
export function paintWaiting(brush: Brush, bar: WaitingApc): void {
  const box = snapBox(brush, bar);
  const [fill, edge] = bar.special
    ? (['specialFill', 'specialEdge'] as const)
    : (['queuedFill', 'queuedEdge'] as const);
  if (box.heightCss < 6 || box.widthCss < 6) {
    fillRound(brush, box, edge, 0);
    return;
  }
  fillRound(brush, box, fill, 2);
  frame(brush, box, edge, 2);
  if (bar.special) {
    frame(
      brush,
      { xCss: box.xCss + 2, yCss: box.yCss + 2, widthCss: box.widthCss - 4, heightCss: box.heightCss - 4 },
      edge,
      1,
    );
  }
  // A thick left end: here it entered the queue.
  if (!bar.cutLeft) fillRound(brush, { ...box, widthCss: 3 }, edge, 0);
}

export function paintDepths(brush: Brush, curve: DepthCurve): void {
  const { canvas, palette } = brush;
  const bottom = curve.yCss + curve.heightCss;
  const yOf = (depth: number): number => snap(brush, bottom - (depth / curve.largest) * curve.heightCss);
  canvas.beginPath();
  canvas.moveTo(curve.xs[0]!, bottom);
  for (let at = 0; at + 1 < curve.xs.length; at++) {
    canvas.lineTo(curve.xs[at]!, yOf(curve.depths[at]!));
    canvas.lineTo(curve.xs[at + 1]!, yOf(curve.depths[at]!));
  }
  canvas.lineTo(curve.xs.at(-1)!, bottom);
  canvas.closePath();
  canvas.fillStyle = palette.queuedFill;
  canvas.fill();
  canvas.strokeStyle = palette.queuedEdge;
  canvas.lineWidth = 1;
  canvas.stroke();
}

/** A straight line with a tip: both kinds happen at one instant, so they are upright. A foreign source gets a dot. */
export function paintArrow(brush: Brush, arrow: Arrow): void {
  const { canvas, palette } = brush;
  const x = snap(brush, arrow.fromXCss - 0.75) + 0.75;
  const direction = arrow.toYCss > arrow.fromYCss ? 1 : -1;
  const length = Math.abs(arrow.toYCss - arrow.fromYCss);
  canvas.strokeStyle = palette.queuedEdge;
  canvas.fillStyle = palette.queuedEdge;
  canvas.lineWidth = 1.5;
  canvas.beginPath();
  canvas.moveTo(x, arrow.fromYCss);
  canvas.lineTo(x, arrow.toYCss - direction * Math.min(4, length / 2));
  canvas.stroke();
  if (arrow.kind === 'deliver') tip(canvas, x, arrow.toYCss, direction, 6);
  else if (length > 12) {
    tip(canvas, x, arrow.toYCss, direction, 6);
    canvas.beginPath();
    canvas.roundRect(x - 3, arrow.fromYCss - 3, 6, 6, 3);
    canvas.fill();
  }
}

/** └────┘ under the APCs of one wait. */
export function paintBracket(brush: Brush, bracket: Bracket): void {
  const { canvas, palette } = brush;
  const left = snap(brush, bracket.xCss) + 0.5;
  const right = snap(brush, bracket.xCss + bracket.widthCss) - 0.5;
  const top = snap(brush, bracket.yCss) + 0.5;
  const bottom = snap(brush, bracket.yCss + bracket.heightCss) + 0.5;
  canvas.strokeStyle = palette.alertableEdge;
  canvas.lineWidth = 1.5;
  canvas.lineJoin = 'round';
  canvas.beginPath();
  canvas.moveTo(left, top);
  canvas.lineTo(left, bottom);
  canvas.lineTo(right, bottom);
  if (!bracket.open) canvas.lineTo(right, top);
  canvas.stroke();
}

export function paintPill(brush: Brush, pill: Pill): void {
  const box = snapBox(brush, pill);
  if (pill.kind !== 'drain') {
    const { canvas, palette } = brush;
    const x = snap(brush, pill.anchorXCss) - 0.5;
    canvas.strokeStyle = palette[pill.kind === 'failed' ? 'lost' : 'resultPillEdge'];
    canvas.lineWidth = 1;
    canvas.beginPath();
    canvas.moveTo(x, pill.anchorYCss);
    canvas.lineTo(x, box.yCss);
    canvas.stroke();
  }
  fillRound(brush, box, pill.kind === 'drain' ? 'drainPillFill' : 'resultPillFill', box.heightCss / 2);
  if (pill.kind !== 'drain')
    frame(brush, box, pill.kind === 'failed' ? 'lost' : 'resultPillEdge', box.heightCss / 2);
}
