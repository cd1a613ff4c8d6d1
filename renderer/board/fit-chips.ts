import { MOST_CHIPS } from './chip-view.ts';

export const CHIP_CSS = 54;
export const NARROW_CHIP_CSS = 26;
const GAP_CSS = 4;
const FOLD_CSS = 36;
/** Below this the numbers of overlapping chips are cut off. */
const LEAST_PITCH_CSS = 15;

export interface ChipFit {
  /** How many chips stand; the rest is a count behind them. */
  visible: number;
  /** From one chip's edge to the next; less than a chip's width where they overlap. */
  pitchCss: number;
  /** Only the number fits. */
  isNarrow: boolean;
}

/** How `total` waiting APCs fit into a width: wide chips, else narrow ones, else narrow ones that overlap, and a count. */
export function fitChips(total: number, most: number, widthCss: number): ChipFit {
  const pitchWide = CHIP_CSS + GAP_CSS;
  if (total * pitchWide - GAP_CSS <= widthCss)
    return { visible: total, pitchCss: pitchWide, isNarrow: false };
  const isFolded = total > MOST_CHIPS;
  const roomCss = isFolded ? widthCss - FOLD_CSS : widthCss;
  const legible = Math.max(1, Math.floor((roomCss - NARROW_CHIP_CSS) / LEAST_PITCH_CSS) + 1);
  const visible = Math.min(isFolded ? Math.min(legible, MOST_CHIPS - 1) : total, most);
  const evenPitch = visible < 2 ? 0 : Math.floor((roomCss - NARROW_CHIP_CSS) / (visible - 1));
  return { visible, pitchCss: Math.min(NARROW_CHIP_CSS + GAP_CSS, evenPitch), isNarrow: true };
}
