/**
 * @typedef {object} Spread
 * @property {number} least
 * @property {number} median
 * @property {number} most
 */

/** @param {readonly number[]} values @returns {Spread} */
export function spreadOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ fraction) => sorted[Math.floor((sorted.length - 1) * fraction)] ?? NaN;
  const middle = (at(0.5) + (sorted[Math.ceil((sorted.length - 1) * 0.5)] ?? NaN)) / 2;
  return { least: at(0), median: middle, most: at(1) };
}

/** The value that this share of the others is not above. @param {readonly number[]} values @param {number} share from 0 to 1 */
export function shareBelow(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** @param {number} value @param {'APCs/s' | 'ns'} unit */
export function withUnit(value, unit) {
  if (unit === 'ns') return value >= 1e4 ? `${digits(value / 1e3)} µs` : `${digits(value)} ns`;
  return value >= 1e6 ? `${digits(value / 1e6)} M/s` : `${digits(value / 1e3)} k/s`;
}

/** @param {number} value */
const digits = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** @param {Spread} spread */
export const spreadText = ({ least, median, most }) =>
  `${digits(least)} / ${digits(median)} / ${digits(most)}`;
