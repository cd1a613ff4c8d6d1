import { isRoot } from './setup/system-packages.mjs';

/** Chromium refuses to start its sandbox as root. Only ever for an app run from sources: a package never has this. */
export function sandboxFlags() {
  if (process.platform !== 'linux' || !isRoot()) return [];
  process.stderr.write(
    "Warning: running as root, so Chromium's sandbox is off (--no-sandbox). Start as an ordinary user to have it.\n",
  );
  return ['--no-sandbox'];
}
