import { spreadOf, spreadText, withUnit } from './figures.mjs';
import { ROWS, isMet } from './rows.mjs';

/**
 * @typedef {import('./rows.mjs').Row} Row
 * @typedef {import('./measure.mjs').Results} Results
 *
 * @typedef {object} Judged
 * @property {Row} row
 * @property {import('./figures.mjs').Spread} [value]  of the rounds; nothing where it was not measured
 * @property {boolean} [met]
 * @property {string} [absent]  why it could not be measured here, whatever is done
 * @property {string} [failed]  why it was not, though it should have been
 * @property {number} [ours]  medians
 * @property {number} [theirs]
 */

/** @param {Results} results @returns {Judged[]} */
export function judge({ rounds, absent, failed }) {
  return ROWS.map((row) => {
    const programs = row.of.filter((name) => name !== undefined);
    const reason = (/** @type {Map<string, string>} */ of) =>
      programs.map((name) => of.get(name)).find((text) => text !== undefined);
    const why = reason(absent);
    if (why !== undefined) return { row, absent: why };
    const fault = reason(failed);
    if (fault !== undefined) return { row, failed: fault };
    const value = spreadOf(rounds.map(row.value));
    const met = isMet(row, value.median);
    const { theirs } = row;
    return {
      ...{ row, value, ours: spreadOf(rounds.map(row.ours)).median },
      ...(met !== undefined && { met }),
      ...(theirs && { theirs: spreadOf(rounds.map(theirs)).median }),
    };
  });
}

const HEAD = ['', 'what', 'goal', 'least / median / most', 'ours', 'theirs', ''];

/** @param {readonly Judged[]} judged */
export function tableText(judged) {
  return inColumns([HEAD, ...judged.map(cells)]);
}

/** @param {readonly (readonly string[])[]} lines  of cells; the first says how many columns there are */
export function inColumns(lines) {
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {Judged} judged */
function cells({ row, value, met, absent, failed, ours, theirs }) {
  const start = [row.part, row.title, goalText(row)];
  if (!value) return [...start, absent ? `skipped: ${absent}` : `failed: ${failed}`, '', '', ''];
  const absolute = (/** @type {number | undefined} */ number) =>
    number === undefined ? '' : withUnit(number, row.unit);
  const verdict = met === undefined ? '' : met ? 'met' : 'missed';
  const clock = row.part === 'e' ? `clock ${absolute(theirs)}` : absolute(theirs);
  return [...start, spreadText(value), absolute(ours), clock, verdict];
}

/** @param {Row} row */
function goalText({ goal, isRatio }) {
  if (!goal) return '';
  const number = 'least' in goal ? `≥ ${goal.least}` : `≤ ${goal.most}`;
  return isRatio ? `${number} ×` : `${number} ns`;
}
