import fs from 'node:fs';
import path from 'node:path';
import { fromCache, fromRoot } from '../paths.mjs';
import { run } from './run.mjs';

const DOWNLOAD_MIB = 125;
const STALLED_AFTER_MS = 30_000;

/**
 * The binary of the electron package's own installer. It is given up when nothing has arrived for half a minute, because a
 * network that swallows packets would otherwise hold the set-up for very long.
 * @param {import('./report.mjs').Progress} progress
 * @returns {Promise<string | undefined>} the executable
 */
export async function installOfficialElectron(progress) {
  const package_ = fromRoot('node_modules', 'electron');
  const temporary = fromCache('electron', 'tmp');
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  const stalled = new AbortController();
  const watch = watchGrowth(temporary, (bytes, quietMs) => {
    const mib = bytes / 2 ** 20;
    progress(`download, ${Math.round(mib)} MiB`, Math.min(0.99, mib / DOWNLOAD_MIB));
    if (quietMs > STALLED_AFTER_MS) stalled.abort('no more data');
  });
  try {
    const env = { TMPDIR: temporary, TEMP: temporary, TMP: temporary, ELECTRON_GET_NO_PROGRESS: '1' };
    const { status } = await run(process.execPath, [path.join(package_, 'install.js')], {
      env,
      signal: stalled.signal,
    });
    if (status !== 0) return undefined;
    return path.join(package_, 'dist', fs.readFileSync(path.join(package_, 'path.txt'), 'utf8'));
  } finally {
    watch.stop();
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Other people's download tools have no progress to ask for, but they write to a folder that we chose.
 * @param {string} folder
 * @param {(bytes: number, quietMs: number) => void} onTick  bytes there now, and for how long they have been the same
 */
export function watchGrowth(folder, onTick) {
  let bytes = 0;
  let changed = performance.now();
  const timer = setInterval(() => {
    const now = folderBytes(folder);
    if (now !== bytes) changed = performance.now();
    bytes = now;
    onTick(bytes, performance.now() - changed);
  }, 250);
  return { stop: () => clearInterval(timer) };
}

/** @param {string} folder @returns {number} */
function folderBytes(folder) {
  let bytes = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    // Files come and go under our eyes.
    if (entry.isFile())
      bytes += fs.statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
