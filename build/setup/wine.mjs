import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { fromCache } from '../paths.mjs';
import { findProgram, mustRun } from './run.mjs';

/** Our own Windows "machine": never the one in the user's home folder. */
export const WINE_PREFIX = fromCache('wine');

const IDLE_S = 10;

// Debian's wine64 package puts nothing on PATH; other distributions do.
const CANDIDATES = ['/usr/lib/wine/wine64'];

export function findWine() {
  return findProgram('wine64') ?? CANDIDATES.find((file) => fs.existsSync(file)) ?? findProgram('wine');
}

/** @type {Record<string, string>} */
export const WINE_ENVIRONMENT = {
  WINEPREFIX: WINE_PREFIX,
  WINEARCH: 'win64',
  WINEDEBUG: '-all',
  // Without this Wine asks in a window whether to download Mono and Gecko.
  WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=',
};

export const hasPrefix = () => fs.existsSync(`${WINE_PREFIX}/ready`);

/** The first start of a prefix takes 8 s; doing it here keeps it out of every test's time limit. @param {string} wine */
export async function makePrefix(wine) {
  fs.mkdirSync(WINE_PREFIX, { recursive: true });
  const what = 'Wine could not be set up';
  await mustRun(what, wine, ['wineboot', '--init'], { env: WINE_ENVIRONMENT, timeoutMs: 180_000 });
  const key = ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f'];
  await mustRun(what, wine, key, { env: WINE_ENVIRONMENT, timeoutMs: 60_000 });
  fs.writeFileSync(`${WINE_PREFIX}/ready`, '');
}

/**
 * Starts Wine's server and services, and returns when they run; they end by themselves when idle. A program that has to
 * start them hands them its standard output, and who reads that to its end waits a second longer for every program.
 * @param {string} wine
 * @returns {Promise<void>}
 */
export function warmUp(wine) {
  const env = { ...process.env, ...WINE_ENVIRONMENT };
  const server = findProgram('wineserver') ?? '/usr/lib/wine/wineserver64';
  return new Promise((resolve, reject) => {
    const keep = spawn(server, [`-p${IDLE_S}`], { env, stdio: 'ignore' });
    keep.on('error', reject);
    keep.on('exit', () => {
      const first = spawn(wine, ['cmd', '/c', 'exit'], { env, stdio: 'ignore' });
      first.on('error', reject);
      first.on('exit', () => resolve());
    });
  });
}

/** What the command line's child needs to run the win32 engine on Wine; nothing where there is no Wine. */
export function wineForCommandLine() {
  const wine = process.platform === 'win32' ? undefined : findWine();
  return wine ? { ALERTABLE_WINE: wine } : {};
}
