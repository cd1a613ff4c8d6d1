import type { PictureColours } from '../../apc-model/app-api.ts';
import type { Trace } from '../../apc-model/trace.ts';
import type { Canvas2D } from '../../timeline/canvas.ts';
import { buildDrawList, type DrawList } from '../../timeline/draw-list.ts';
import { AXIS_HEIGHT_CSS, paintAxis } from '../../timeline/paint-axis.ts';
import { paintDrawList, type PaintOptions } from '../../timeline/paint.ts';
import { PALETTES, type Palette } from '../../timeline/palette.ts';
import { xCss, type Viewport } from '../../timeline/viewport.ts';
import { placeRows, type RowPlace } from '../board/rows.ts';
import { boardScroll } from '../board/scroll.ts';
import { feed, shownInstant } from '../lab.ts';
import { snapshots } from '../snapshot.ts';
import { useChoices } from '../store.ts';
import { listOfPast, paintHorizon, pastPartOf, type PastPart } from './paint-past.ts';
import { sizedContext } from './canvas-size.ts';
import { setPaintedView } from './lane-view.ts';
import { axisOf, viewportOf } from './shown-view.ts';

/** What the lanes show from the horizon on, and before it where that is in memory again. */
interface Painted {
  list: DrawList;
  trace: Trace;
}
let painted: Painted | undefined;
let paintedPast: (Painted & { horizonXCss: number }) | undefined;

/** What the lanes show at a place, for whoever asks what lies under the pointer. */
export const paintedAt = (xInLane: number): Painted | undefined =>
  paintedPast !== undefined && xInLane < paintedPast.horizonXCss ? paintedPast : painted;

/** Paints the axis and every lane in sight, with the grid behind and the time cursor in front. */
export function paintLanes(canvas: HTMLCanvasElement, colours: PictureColours): void {
  const { trace } = feed;
  const context = sizedContext(canvas);
  // Rows are React's; until it has put them up there is nothing to paint beside.
  const { present } = snapshots;
  if (context === undefined || trace === undefined || present?.session !== feed.session) return;
  const { clientWidth: widthCss, clientHeight: heightCss } = canvas;
  const { timeNs, liveNs, isLive, isMoving } = shownInstant();
  const { view: choice, axis } = useChoices.getState();
  const view = viewportOf(choice, axisOf(trace, axis), widthCss, liveNs, isMoving);
  setPaintedView(view);
  const palette = PALETTES[colours];
  const options: PaintOptions = {
    palette,
    pixelRatio: window.devicePixelRatio,
    gridTopCss: AXIS_HEIGHT_CSS,
    gridBottomCss: heightCss,
  };
  const rows = rowsInSight(heightCss);
  const list = buildDrawList(trace, view, rows, { nowNs: liveNs });
  painted = { list, trace };
  const part = pastPartOf(trace, view);

  context.save();
  context.beginPath();
  context.rect(0, AXIS_HEIGHT_CSS, widthCss, heightCss - AXIS_HEIGHT_CSS);
  context.clip();
  paintLaneLines(context, palette, widthCss, rows);
  paintFrom(context, list, options, part?.horizonXCss ?? 0);
  paintedPast = part === undefined ? undefined : paintPast(context, trace, view, part, rows, options, liveNs);
  if (part !== undefined) paintHorizon(context, palette, part, widthCss, heightCss);
  if (!isLive) veilLater(context, palette, xCss(view, timeNs), heightCss, widthCss);
  context.restore();

  context.fillStyle = palette.header;
  context.fillRect(0, 0, widthCss, AXIS_HEIGHT_CSS);
  paintAxis(context satisfies Canvas2D, list.ticks, widthCss, 0, AXIS_HEIGHT_CSS, options);
  paintCursor(context, palette, view, timeNs, heightCss, isLive);
}

/** A draw list from an x on. */
function paintFrom(
  context: CanvasRenderingContext2D,
  list: DrawList,
  options: PaintOptions,
  leftCss: number,
): void {
  context.save();
  context.beginPath();
  context.rect(leftCss, 0, list.view.widthCss, options.gridBottomCss!);
  context.clip();
  paintDrawList(context, list, options);
  context.restore();
}

/** What lies before the horizon, where it is in memory again. */
function paintPast(
  context: CanvasRenderingContext2D,
  trace: Trace,
  view: Viewport,
  { horizonXCss, look }: PastPart,
  rows: readonly RowPlace[],
  options: PaintOptions,
  liveNs: number,
): typeof paintedPast {
  if (look.state !== 'here') return undefined;
  const { excerpt } = look;
  const list = listOfPast(trace, excerpt, view, rows, liveNs);
  context.save();
  context.beginPath();
  context.rect(0, 0, horizonXCss, options.gridBottomCss!);
  context.clip();
  paintDrawList(context, list, options);
  context.restore();
  return { list, trace: excerpt, horizonXCss };
}

function rowsInSight(heightCss: number): RowPlace[] {
  return placeRows(snapshots.present?.rows ?? [])
    .map((row) => ({ ...row, topCss: row.topCss - boardScroll.topCss }))
    .filter((row) => row.topCss + row.heightCss > 0 && row.topCss < heightCss);
}

function paintLaneLines(
  context: CanvasRenderingContext2D,
  palette: Palette,
  widthCss: number,
  rows: readonly RowPlace[],
): void {
  context.fillStyle = palette.laneLine;
  for (const row of rows) context.fillRect(0, row.topCss + row.heightCss - 1, widthCss, 1);
}

/** What comes after the instant that the board shows has, for it, not happened yet. */
function veilLater(
  context: CanvasRenderingContext2D,
  palette: Palette,
  cursorXCss: number,
  heightCss: number,
  widthCss: number,
): void {
  context.globalAlpha = 0.35;
  context.fillStyle = palette.background;
  context.fillRect(Math.max(0, cursorXCss), AXIS_HEIGHT_CSS, widthCss, heightCss);
  context.globalAlpha = 1;
}

/** A line through all lanes at the instant that the board shows; at the live end only a quiet one. */
function paintCursor(
  context: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  timeNs: number,
  heightCss: number,
  isLive: boolean,
): void {
  const x = Math.round(xCss(view, timeNs));
  if (x < -8 || x > view.widthCss + 8) return;
  context.fillStyle = palette.cursor;
  context.globalAlpha = isLive ? 0.35 : 1;
  context.fillRect(x, AXIS_HEIGHT_CSS - 8, 1, heightCss);
  context.beginPath();
  context.moveTo(x - 5, AXIS_HEIGHT_CSS - 9);
  context.lineTo(x + 6, AXIS_HEIGHT_CSS - 9);
  context.lineTo(x + 0.5, AXIS_HEIGHT_CSS - 1);
  context.fill();
  context.globalAlpha = 1;
}
