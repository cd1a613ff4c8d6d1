/** `00:12.4`: how long a run has lasted. */
export function elapsedText(timeNs: number): string {
  const tenths = Math.floor(timeNs / 1e8);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  return `${String(Math.floor(tenths / 600)).padStart(2, '0')}:${seconds}`;
}

const numbers = new Intl.NumberFormat('en');

/** `18 240`, with a space that does not break. */
export const countText = (count: number): string => numbers.format(count).replaceAll(',', '\u00a0');
