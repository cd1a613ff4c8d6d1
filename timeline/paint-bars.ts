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

/**
 * Shares of the states one above the other, always in the order of LOOKS from the bottom; APCs solid in their own row. All
 * of one colour at a time: setting a colour costs more than a rectangle.
 */
export function paintFolds(brush: Brush, folds: readonly Fold[]): void {
  const { canvas, palette } = brush;
  const boxes = folds.map((fold) => snapBox(brush, fold));
  const bottoms = boxes.map((box) => box.yCss + box.heightCss);
  for (const [at, look] of LOOKS.entries()) {
    canvas.fillStyle = palette[LOOK_COLOURS[look].edge];
    for (const [index, fold] of folds.entries()) {
      const box = boxes[index]!;
      const height = Math.round(fold.shares[at]! * box.heightCss);
      if (height < 1) continue;
      const top = Math.max(box.yCss, bottoms[index]! - height);
      canvas.fillRect(box.xCss, top, box.widthCss, bottoms[index]! - top);
      bottoms[index] = top;
    }
  }
  canvas.fillStyle = palette.apcFill;
  for (const fold of folds) {
    if (fold.apcBox === undefined) continue;
    const box = snapBox(brush, fold.apcBox);
    canvas.fillRect(box.xCss, box.yCss, box.widthCss, box.heightCss);
  }
}
