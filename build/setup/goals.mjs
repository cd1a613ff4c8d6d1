import { bundles } from './bundles.mjs';
import { electron } from './electron.mjs';
import { nativeLibrary } from './native.mjs';
import { npmPackages } from './npm-packages.mjs';
import {
  ELECTRON_LIBRARIES,
  VIRTUAL_DISPLAY,
  hasDisplay,
  installPackages,
  isDebian,
  missingNeeds,
} from './system-packages.mjs';
import { whyNoWin32, win32Engine } from './win32.mjs';

/** @typedef {import('./set-up.mjs').Step} Step */

/** @type {Step} */
const electronLibraries = aptStep(ELECTRON_LIBRARIES);

/** @type {Step} */
const testPackages = aptStep(hasDisplay() ? ELECTRON_LIBRARIES : [...ELECTRON_LIBRARIES, ...VIRTUAL_DISPLAY]);

/** The C compiler is asked for by the native library's own step, when there is something to compile. */
const core = [npmPackages, nativeLibrary, bundles];

/** @type {Record<string, readonly Step[]>} */
export const GOALS = {
  start: [npmPackages, electronLibraries, nativeLibrary, electron, bundles],
  headless: core,
  cli: core,
  package: [npmPackages, electronLibraries, nativeLibrary, electron, bundles],
  test: [
    npmPackages,
    testPackages,
    nativeLibrary,
    ...(whyNoWin32() === undefined ? [win32Engine] : []),
    electron,
    bundles,
  ],
};

/** @param {readonly import('./system-packages.mjs').Need[]} needs @returns {Step} */
function aptStep(needs) {
  return {
    title: 'system packages',
    only: 'system',
    isReady() {
      return !isDebian() || missingNeeds(needs).length === 0;
    },
    make: (progress) => installPackages(needs, progress),
  };
}
