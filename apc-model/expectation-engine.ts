/** On which engines a documented difference is to be seen: `wine`, `windows`, or Wine with a version, `wine<=8.0`. */
export const ENGINE_RULE = /^\s*(?:(windows)|(wine)(?:\s*(<=|<|>=|>|==)\s*(\d+(?:\.\d+)*))?)\s*$/;

/** Does `wine<=8.0` mean the engine with this label? No `on` means every one. */
export function applies(on: string | undefined, label: string): boolean {
  if (on === undefined) return true;
  const rule = ENGINE_RULE.exec(on);
  if (rule === null) return false;
  const [, windows, , comparison, version] = rule;
  const wine = /Wine (\d+(?:\.\d+)*)/.exec(label)?.[1];
  if (windows !== undefined) return wine === undefined;
  if (wine === undefined) return false;
  if (version === undefined) return true;
  const order = compareVersions(wine, version);
  switch (comparison) {
    case '<=':
      return order <= 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
    default:
      return order === 0;
  }
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
