import { snap, type Brush } from './brush.ts';
import type { Gap, Mark } from './draw-list.ts';
import { cross, tip, tornEdge } from './paint-patterns.ts';

export function paintMark(brush: Brush, mark: Mark): void {
  const { canvas, palette } = brush;
  const x = mark.xCss + mark.widthCss / 2;
  const y = mark.yCss + mark.heightCss / 2;
  switch (mark.kind) {
    case 'lost':
    case 'failed':
      // A disc of the background sets the cross off from whatever it stands on.
      canvas.fillStyle = palette.background;
      canvas.beginPath();
      canvas.roundRect(
        mark.xCss - 1,
        mark.yCss - 1,
        mark.widthCss + 2,
        mark.heightCss + 2,
        mark.widthCss / 2 + 1,
      );
      canvas.fill();
      canvas.strokeStyle = palette.lost;
      canvas.lineCap = 'round';
      canvas.lineWidth = 2.5;
      cross(canvas, x, y, mark.widthCss / 2 - 2.5);
      canvas.lineCap = 'butt';
      return;
    case 'started':
    case 'ended': {
      const at = snap(brush, x);
      canvas.fillStyle = palette[mark.kind === 'ended' ? 'mutedText' : 'runningEdge'];
      canvas.fillRect(at - 1, mark.yCss - 2, 2, mark.heightCss + 4);
      return;
    }
    case 'log':
      canvas.fillStyle = palette.text;
      canvas.beginPath();
      canvas.roundRect(x - 1.5, y - 1.5, 3, 3, 1.5);
      canvas.fill();
      return;
    case 'marker':
      canvas.fillStyle = palette.selection;
      tip(canvas, x, mark.yCss + mark.heightCss, 1, mark.heightCss);
      return;
  }
}

/** A band with torn edges, through the whole lane. */
export function paintGap(brush: Brush, gap: Gap): void {
  const { canvas, palette } = brush;
  const right = gap.xCss + gap.widthCss;
  const bottom = gap.yCss + gap.heightCss;
  canvas.fillStyle = palette.gapFill;
  canvas.strokeStyle = palette.gapEdge;
  canvas.lineWidth = 1.5;
  canvas.beginPath();
  tornEdge(canvas, gap.xCss, gap.yCss, bottom, 1, true);
  tornEdge(canvas, right, bottom, gap.yCss, -1, false);
  canvas.closePath();
  canvas.fill();
  canvas.stroke();
}
