/** What is said of a name, or a key, that is not known where it stands. */

/** More are not listed: the line is to be read. */
const MOST_LISTED = 16;

/** `found "T9"; allowed: self, T1`, with the one that was probably meant. `none`: what is said where nothing is allowed. */
export function unknownName(found: string, allowed: readonly string[], none = '(there is none)'): string {
  return `found ${quoted(found)}; ${meant(found, allowed)}allowed: ${listed(allowed) || none}`;
}

/** `did you mean "sleepEx"? `, or nothing where no name is near. */
export function meant(found: string, known: readonly string[]): string {
  const near = nearest(found, known);
  return near === undefined ? '' : `did you mean ${quoted(near)}? `;
}

export const listed = (names: readonly string[]): string =>
  names.length <= MOST_LISTED
    ? names.join(', ')
    : `${names.slice(0, MOST_LISTED).join(', ')}, … (${names.length} in all)`;

/** In quotes, and short whatever it is. */
export const quoted = (text: string): string => visible(JSON.stringify(cut(text, 64)));

/** What steers a terminal or turns the writing direction, as its code. */
export const visible = (json: string): string =>
  json.replace(/[\p{Cc}\p{Cf}]/gu, (one) => `\\u${one.codePointAt(0)!.toString(16).padStart(4, '0')}`);

/** At most so many characters, none of them half. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/**
 * The name that is spelt almost like this one: one slip in three letters is forgiven, capitals are no slip. Or the only
 * one that begins like it.
 */
export function nearest(found: string, known: readonly string[]): string | undefined {
  const longer = found.length < 4 ? [] : known.filter((one) => one !== found && one.startsWith(found));
  if (longer.length === 1) return longer[0];
  let best: string | undefined;
  let fewest = Math.min(3, Math.floor(found.length / 3)) + 1;
  for (const one of known) {
    if (one === found || Math.abs(one.length - found.length) >= fewest) continue;
    const slips = slipsBetween(one.toLowerCase(), found.toLowerCase());
    if (slips < fewest) [best, fewest] = [one, slips];
  }
  return best;
}

/** How many letters must be put in, left out, replaced or swapped with the next to make one text the other. */
function slipsBetween(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let l = 1; l <= left.length; l++) {
    const row = [l];
    for (let r = 1; r <= right.length; r++) {
      const same = left[l - 1] === right[r - 1] ? 0 : 1;
      let least = Math.min(last[r]! + 1, row[r - 1]! + 1, last[r - 1]! + same);
      if (l > 1 && r > 1 && left[l - 1] === right[r - 2] && left[l - 2] === right[r - 1])
        least = Math.min(least, before[r - 2]! + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[right.length]!;
}
