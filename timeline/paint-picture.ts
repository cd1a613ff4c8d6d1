import { baseline } from './build-bars.ts';
import { fillRound, fontOf, snap, type Brush } from './brush.ts';
import type { Canvas2D } from './canvas.ts';
import type { Lane } from './draw-list.ts';
import { paintLegend } from './legend.ts';
import { paintDrawList, paletteOf } from './paint.ts';
import { AXIS_HEIGHT_CSS, paintAxis } from './paint-axis.ts';
import type { ColourName } from './palette.ts';
import { PICTURE_MARGIN, type Picture, type PictureLane } from './picture.ts';
import { FACT_PX } from './picture-facts.ts';
import { axisTitle, scaleTexts } from './picture-text.ts';
import { elide, firstFitting, textWidth, type Weight } from './text-width.ts';

const COLUMN_GAP = 14;

/** Paints a whole picture from (0, 0). The context is scaled to CSS pixels. */
export function paintPicture(canvas: Canvas2D, picture: Picture): void {
  const palette = paletteOf(picture.options.theme);
  const { pixelRatio } = picture.options;
  const brush: Brush = { canvas, palette, pixelRatio };
  const { list, lanesLeftCss, lanesTopCss, lanesBottomCss, widthCss } = picture;
  canvas.save();
  fillRound(brush, { xCss: 0, yCss: 0, widthCss, heightCss: picture.heightCss }, 'background', 0);
  head(brush, picture);
  separators(brush, picture);
  for (const [at, lane] of list.lanes.entries()) column(brush, picture, lane, picture.lanes[at]!);

  canvas.save();
  canvas.beginPath();
  canvas.rect(lanesLeftCss, picture.axisTopCss, list.view.widthCss, lanesBottomCss - picture.axisTopCss);
  canvas.clip();
  canvas.translate(lanesLeftCss, 0);
  const options = { palette, pixelRatio, gridTopCss: lanesTopCss, gridBottomCss: lanesBottomCss };
  paintDrawList(canvas, list, options);
  paintAxis(canvas, list.ticks, list.view.widthCss, picture.axisTopCss, AXIS_HEIGHT_CSS, options);
  canvas.restore();

  paintLegend(brush, picture.legend);
  foot(brush, picture);
  canvas.restore();
}

function text(
  brush: Brush,
  words: string,
  xCss: number,
  baselineCss: number,
  sizePx: number,
  weight: Weight,
  colour: ColourName,
): void {
  const { canvas, palette } = brush;
  canvas.fillStyle = palette[colour];
  canvas.font = fontOf(sizePx, weight);
  canvas.fillText(words, xCss, baselineCss);
}

function head(brush: Brush, { title, facts, widthCss }: Picture): void {
  const room = widthCss - PICTURE_MARGIN * 2;
  const sizePx = textWidth(title, 20, 600) <= room ? 20 : 16;
  text(brush, elide(title, room, sizePx, 600), PICTURE_MARGIN, 40, sizePx, 600, 'text');
  for (const fact of facts) {
    const colour = fact.weight === 600 ? 'text' : 'mutedText';
    text(brush, fact.text, fact.xCss, fact.baselineCss, FACT_PX, fact.weight, colour);
  }
}

/** Hairlines between lanes, over the whole width. */
function separators(brush: Brush, { list, widthCss, lanesBottomCss }: Picture): void {
  const { canvas, palette } = brush;
  canvas.fillStyle = palette.laneLine;
  for (const top of [...list.lanes.slice(1).map((lane) => lane.topCss), lanesBottomCss]) {
    canvas.fillRect(PICTURE_MARGIN, snap(brush, top), widthCss - PICTURE_MARGIN * 2, 1);
  }
}

/** Who the thread is and what became of its APCs; beside it what each row of the lane shows. */
function column(brush: Brush, picture: Picture, lane: Lane, { thread, summary, isLoss }: PictureLane): void {
  const { rows } = lane;
  const right = picture.lanesLeftCss - COLUMN_GAP;
  const hasRowLabels = picture.widthCss >= 900 && rows.stateHeight >= 20;
  const nameRoom = (hasRowLabels ? right - 84 : right) - PICTURE_MARGIN;
  const top = rows.stateHeight >= 20 ? rows.queueTop : lane.topCss;
  text(brush, elide(thread.name, nameRoom, 13, 600), PICTURE_MARGIN, top + 13, 13, 600, 'text');
  text(brush, elide(idText(thread.osThreadId), nameRoom, 11), PICTURE_MARGIN, top + 30, 11, 400, 'mutedText');
  if (rows.stateHeight >= 20) {
    const colour = isLoss ? 'lostText' : 'mutedText';
    text(brush, elide(summary, nameRoom, 11, 600), PICTURE_MARGIN, top + 46, 11, isLoss ? 600 : 400, colour);
  }
  if (!hasRowLabels) return;
  const label = (words: string, yCss: number, heightCss: number): void => {
    const width = textWidth(words, 11);
    text(brush, words, right - width, baseline(yCss, heightCss, 11), 11, 400, 'mutedText');
  };
  label('APC queue', rows.queueTop + rows.queueHeight - 16, 16);
  label('thread', rows.stateTop, rows.stateHeight);
  if (rows.apcRows > 0) {
    label('running APC', rows.apcTop, rows.apcHeight);
    if (rows.resultHeight > 0) label('wait returned', rows.resultTop + 5, 17);
  }
}

const idText = (osThreadId: number): string => (osThreadId === 0 ? '' : `thread id ${osThreadId}`);

function foot(brush: Brush, { footTopCss, list, widthCss, axisTopCss, lanesLeftCss }: Picture): void {
  const made = 'made with Alertable';
  const madeWidth = textWidth(made, 11);
  const room = widthCss - PICTURE_MARGIN * 2 - madeWidth - 24;
  const scale = firstFitting(scaleTexts(list.view, list.ticks), room, 11) ?? '';
  text(brush, scale, PICTURE_MARGIN, footTopCss + 12, 11, 400, 'mutedText');
  text(brush, made, widthCss - PICTURE_MARGIN - madeWidth, footTopCss + 12, 11, 400, 'mutedText');
  const title = axisTitle(list.view.axis.kind);
  const x = lanesLeftCss - COLUMN_GAP - textWidth(title, 11);
  if (x >= PICTURE_MARGIN) text(brush, title, x, axisTopCss + 12, 11, 400, 'mutedText');
}
