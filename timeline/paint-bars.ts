import { fillRound, frame, snapBox, type Brush } from './brush.ts';
import { LOOKS, type Bar, type Box, type Fold, type Look } from './draw-list.ts';
import { LOOK_COLOURS } from './looks.ts';
import { hatch } from './paint-patterns.ts';

const RADIUS = 3;

/** A box in a look: fill, pattern, edge. The legend's swatches are painted with it too. */
export function paintLook(brush: Brush, box: Box, look: Look, originCss: number, failed = false): void {
  const { canvas, palette } = brush;
  const colours = LOOK_COLOURS[look];
  const isNarrow = box.widthCss < 5;
  fillRound(brush, box, colours.fill, isNarrow ? 0 : RADIUS);
  if (colours.pattern !== undefined && box.widthCss > 2) {
    hatch(canvas, box, originCss, palette[colours.pattern.colour], colours.pattern.kind === 'cross');
  }
  if (isNarrow) {
    // An edge would be all that is seen: a narrow bar is its edge colour, which stands out from the background.
    fillRound(brush, box, colours.edge, 0);
    return;
  }
  if (colours.dashed === true) canvas.setLineDash([4, 3]);
  frame(brush, box, failed ? 'lost' : colours.edge, RADIUS, failed ? 2 : 1);
  if (colours.dashed === true) canvas.setLineDash([]);
}

export function paintBar(brush: Brush, bar: Bar): void {
  paintLook(brush, snapBox(brush, bar), bar.look, bar.xCss, bar.failed);
}

/** Shares of the states one above the other, the longest-lasting at the bottom; APCs solid in their own row. */
export function paintFold(brush: Brush, fold: Fold): void {
  const { canvas, palette } = brush;
  const box = snapBox(brush, fold);
  let bottom = box.yCss + box.heightCss;
  const byShare = LOOKS.map((look, at) => ({ look, share: fold.shares[at]! })).sort(
    (a, b) => b.share - a.share,
  );
  for (const { look, share } of byShare) {
    const height = Math.round(share * box.heightCss);
    if (height < 1) continue;
    canvas.fillStyle = palette[LOOK_COLOURS[look].edge];
    canvas.fillRect(box.xCss, bottom - height, box.widthCss, height);
    bottom -= height;
  }
  if (fold.apcBox !== undefined) {
    const apc = snapBox(brush, fold.apcBox);
    canvas.fillStyle = palette.apcFill;
    canvas.fillRect(apc.xCss, apc.yCss, apc.widthCss, apc.heightCss);
  }
}
