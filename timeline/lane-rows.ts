import type { ThreadIndex } from '../apc-model/event.ts';

/** Where a lane lies. The page's DOM decides its rows' heights and gives them here; the exported picture uses layoutLanes. */
export interface LaneBox {
  thread: ThreadIndex;
  topCss: number;
  heightCss: number;
}

/**
 * What stands inside a lane, from top to bottom. A part without room has the height 0.
 *
 *     queue     APCs that wait, one bar each, or a step curve of how many
 *     state     running, waits, suspended
 *     apc rows  running APCs; the deeper they nest the lower
 *     result    brackets and what waits returned
 */
export interface LaneRows {
  queueTop: number;
  queueHeight: number;
  stateTop: number;
  stateHeight: number;
  apcTop: number;
  apcHeight: number;
  apcRows: number;
  resultTop: number;
  resultHeight: number;
}

const PAD = 8;
const GAP = 4;
const QUEUE = 16;
const STATE = 24;
const APC = 20;
const APC_GAP = 1;
const RESULT = 22;
/** Rows of APCs that wait, each with its text. */
const MAX_QUEUE_ROWS = 4;

/** The height that a lane needs to show everything with its text. */
export const comfortableHeight = (apcRows: number, queueRows = 1): number =>
  PAD * 2 + queueRows * QUEUE + GAP + STATE + (apcRows === 0 ? 0 : apcRows * (APC + APC_GAP) + RESULT);

/** @param apcRows how deep APCs nest in this lane, or how many rows to keep for them */
export function laneRows(box: LaneBox, apcRows: number): LaneRows {
  for (let rows = apcRows; rows >= Math.min(1, apcRows); rows--) {
    const spare = box.heightCss - comfortableHeight(rows);
    if (spare >= 0) return comfortable(box, rows, spare);
  }
  return compact(box, Math.min(1, apcRows));
}

function comfortable(box: LaneBox, apcRows: number, spare: number): LaneRows {
  const queueHeight = QUEUE + Math.min(spare, QUEUE * (MAX_QUEUE_ROWS - 1));
  const rest = spare - (queueHeight - QUEUE);
  const queueTop = box.topCss + PAD + Math.floor(rest / 2);
  const stateTop = queueTop + queueHeight + GAP;
  const apcTop = stateTop + STATE + APC_GAP;
  const resultHeight = apcRows === 0 ? 0 : RESULT;
  return {
    queueTop,
    queueHeight,
    stateTop,
    stateHeight: STATE,
    apcTop,
    apcHeight: apcRows === 0 ? 0 : APC,
    apcRows,
    resultTop: apcTop + apcRows * (APC + APC_GAP),
    resultHeight,
  };
}

/** Everything shrinks; results go last of all into the tooltips. */
function compact(box: LaneBox, apcRows: number): LaneRows {
  const pad = box.heightCss >= 40 ? 3 : 1;
  const inner = Math.max(4, box.heightCss - pad * 2);
  const result = inner >= 78 ? RESULT : 0;
  const body = inner - result;
  const queueHeight = Math.floor(body * (body >= 54 ? 0.28 : 0.2));
  const stateHeight = Math.floor((body - queueHeight) * (apcRows === 0 ? 1 : 0.55));
  const apcHeight = apcRows === 0 ? 0 : body - queueHeight - stateHeight - 2;
  const queueTop = box.topCss + pad;
  const stateTop = queueTop + queueHeight + 1;
  const apcTop = stateTop + stateHeight + 1;
  return {
    queueTop,
    queueHeight,
    stateTop,
    stateHeight,
    apcTop,
    apcHeight,
    apcRows,
    resultTop: apcTop + apcHeight,
    resultHeight: result,
  };
}

/** Top of the row for an APC nested `depth` deep (from 1); what nests deeper than there are rows shares the last. */
export const apcRowTop = (rows: LaneRows, depth: number): number =>
  rows.apcTop + (Math.min(depth, Math.max(1, rows.apcRows)) - 1) * (rows.apcHeight + APC_GAP);

/** Stacks lanes from `topCss` down. */
export function layoutLanes(
  lanes: readonly { thread: ThreadIndex; heightCss: number }[],
  topCss: number,
  gapCss = 0,
): LaneBox[] {
  let top = topCss;
  return lanes.map(({ thread, heightCss }) => {
    const box = { thread, topCss: top, heightCss };
    top += heightCss + gapCss;
    return box;
  });
}
