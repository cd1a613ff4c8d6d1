/**
 * Times as the axis writes them: one unit for all labels (that of the largest time in view), as many digits as two labels
 * need to differ, digits in groups of three. `12.402 318 s`, `250 µs`, `3:05.20`, `1:02:03`.
 */
const THIN = '\u2009';
const UNITS = [
  { name: 'ns', ns: 1 },
  { name: 'µs', ns: 1e3 },
  { name: 'ms', ns: 1e6 },
  { name: 's', ns: 1e9 },
] as const;
const MINUTE_NS = 60e9;

/**
 * @param largestNs the largest time that stands beside it: it chooses the unit
 * @param resolutionNs what must still be told apart
 */
export function timeText(timeNs: number, largestNs: number, resolutionNs: number): string {
  if (Math.abs(largestNs) >= MINUTE_NS) return clockText(timeNs, resolutionNs);
  const unit = UNITS.findLast((one) => Math.abs(largestNs) >= one.ns) ?? UNITS[0];
  return `${grouped(timeNs / unit.ns, decimals(unit.ns, resolutionNs))} ${unit.name}`;
}

/** An instant by itself, to the nanosecond where that says anything: for cursors and tooltips. */
export const instantText = (timeNs: number): string =>
  timeText(timeNs, Math.max(timeNs, 1e9), Math.abs(timeNs) >= MINUTE_NS ? 1e6 : 1e3);

function clockText(timeNs: number, resolutionNs: number): string {
  const sign = timeNs < 0 ? '-' : '';
  const places = decimals(1e9, resolutionNs);
  const scale = 10 ** places;
  const total = Math.round((Math.abs(timeNs) / 1e9) * scale);
  const whole = Math.floor(total / scale);
  const fraction = places === 0 ? '' : `.${groupFraction(String(total % scale).padStart(places, '0'))}`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const clock = hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  return sign + clock + fraction;
}

/** Digits behind the point so that `resolutionNs` shows in units of `unitNs`; at most nine. */
const decimals = (unitNs: number, resolutionNs: number): number =>
  Math.min(9, Math.max(0, Math.ceil(Math.log10(unitNs / resolutionNs) - 1e-9)));

function grouped(value: number, places: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(places).split('.');
  const sign = value < 0 && Number(value.toFixed(places)) !== 0 ? '-' : '';
  const groups = whole!.length > 4 ? whole!.replace(/\B(?=(\d{3})+$)/g, THIN) : whole!;
  return sign + (fraction === undefined ? groups : `${groups}.${groupFraction(fraction)}`);
}

const groupFraction = (digits: string): string => digits.replace(/(\d{3})(?=\d)/g, `$1${THIN}`);
