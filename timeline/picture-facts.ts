import { elide, textWidth, type Weight } from './text-width.ts';

export interface PlacedFact {
  text: string;
  weight: Weight;
  xCss: number;
  baselineCss: number;
}

export const FACT_PX = 12;
const ROW_CSS = 18;
const DOT_CSS = 18;

/** Facts one after the other, the first in bold, with a dot between; a new row where the width ends, so that none is cut. */
export function placeFacts(
  facts: readonly string[],
  leftCss: number,
  rightCss: number,
  firstBaselineCss: number,
): PlacedFact[] {
  const placed: PlacedFact[] = [];
  let xCss = leftCss;
  let baselineCss = firstBaselineCss;
  for (const [at, fact] of facts.entries()) {
    const weight = at === 0 ? 600 : 400;
    const width = textWidth(fact, FACT_PX, weight);
    if (xCss > leftCss && xCss + DOT_CSS + width > rightCss) {
      xCss = leftCss;
      baselineCss += ROW_CSS;
    }
    if (xCss > leftCss) {
      placed.push({ text: '·', weight: 400, xCss: xCss + 7, baselineCss });
      xCss += DOT_CSS;
    }
    placed.push({ text: elide(fact, rightCss - xCss, FACT_PX, weight), weight, xCss, baselineCss });
    xCss += width;
  }
  return placed;
}
