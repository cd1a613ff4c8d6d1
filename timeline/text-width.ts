/**
 * How wide a text in Inter is, without a canvas: labels are laid out in the draw list, the same on screen, in a PNG and in
 * an SVG. The tables are Inter 4.1's advance widths in thousandths of the font size, from U+0020 to U+007E; kerning is left
 * out (about 1 %). electron/export.test.ts compares them with the font.
 */
export type Weight = 400 | 600;

// prettier-ignore
const REGULAR = [
  281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618, 646,
  593, 620, 566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269,
  571, 672, 565, 903, 753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365, 360, 365, 471,
  456, 323, 562, 612, 571, 612, 583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528,
  327, 591, 562, 818, 546, 562, 552, 426, 333, 426, 662,
];
// prettier-ignore
const SEMIBOLD = [
  252, 321, 523, 644, 650, 1004, 663, 326, 373, 373, 540, 673, 319, 465, 319, 379, 660, 423, 623, 636, 666,
  612, 640, 576, 640, 640, 319, 329, 673, 673, 673, 543, 999, 728, 659, 737, 722, 605, 588, 749, 746, 277,
  580, 703, 565, 922, 759, 769, 645, 773, 652, 650, 660, 736, 728, 1020, 720, 713, 652, 373, 379, 373, 481,
  469, 351, 574, 624, 583, 624, 591, 389, 625, 612, 262, 262, 569, 262, 900, 612, 609, 624, 624, 397, 549,
  353, 612, 587, 839, 569, 588, 566, 455, 359, 455, 673,
];
/** Other characters that our own words use; anything else counts as WIDE. */
const OTHERS: Readonly<Record<string, number>> = {
  '→': 954,
  '…': 910,
  '·': 305,
  '×': 668,
  µ: 600,
  '–': 500,
  '’': 280,
  '“': 470,
  '”': 470,
  '\u2009': 200,
};
const WIDE = 1000;

/** Width in CSS pixels of a text at `sizePx`. */
export function textWidth(text: string, sizePx: number, weight: Weight = 400): number {
  const table = weight === 600 ? SEMIBOLD : REGULAR;
  let width = 0;
  for (const character of text) width += table[character.charCodeAt(0) - 32] ?? OTHERS[character] ?? WIDE;
  return (width * sizePx) / 1000;
}

/** The first of `candidates` (best first) that fits, or undefined. */
export function firstFitting(
  candidates: readonly string[],
  widthPx: number,
  sizePx: number,
  weight: Weight = 400,
): string | undefined {
  return candidates.find((text) => textWidth(text, sizePx, weight) <= widthPx);
}

/** The text, or as much of it as fits with an ellipsis; '' where not even three letters would be left. */
export function elide(text: string, widthPx: number, sizePx: number, weight: Weight = 400): string {
  if (textWidth(text, sizePx, weight) <= widthPx) return text;
  const characters = [...text];
  let room = widthPx - textWidth('…', sizePx, weight);
  let kept = 0;
  for (; kept < characters.length; kept++) {
    room -= textWidth(characters[kept]!, sizePx, weight);
    if (room < 0) break;
  }
  return kept < 3 ? '' : `${characters.slice(0, kept).join('').trimEnd()}…`;
}
