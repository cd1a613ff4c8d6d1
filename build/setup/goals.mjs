import { benchSteps, soakSteps } from '../bench/builds.mjs';
import { bundles } from './bundles.mjs';
import { electron } from './electron.mjs';
import { HOST_BUILD, isBuilt, nativeLibrary } from './native.mjs';
import { npmPackages } from './npm-packages.mjs';
import {
  C_TOOLS,
  ELECTRON_LIBRARIES,
  VIRTUAL_DISPLAY,
  WINDOWS_TOOLS,
  hasDisplay,
  systemPackages,
} from './system-packages.mjs';
import { whyNoWin32, win32Engine } from './win32.mjs';

/** A compiler is only asked for when there is something to compile. */
const buildTools = () => (isBuilt(HOST_BUILD) ? [] : C_TOOLS);

const forWindow = systemPackages(() => [...ELECTRON_LIBRARIES, ...buildTools()]);
const forPlainNode = systemPackages(buildTools);
const forTests = systemPackages(
  () => [...ELECTRON_LIBRARIES, ...C_TOOLS, ...(hasDisplay() ? [] : VIRTUAL_DISPLAY)],
  process.arch === 'x64' ? WINDOWS_TOOLS : [],
);

/** A window without C tools for Windows, on a display of its own where there is none. */
const forWindowOfOurs = systemPackages(() => [
  ...ELECTRON_LIBRARIES,
  ...buildTools(),
  ...(hasDisplay() ? [] : VIRTUAL_DISPLAY),
]);

const window = [npmPackages, forWindow, nativeLibrary, electron, bundles];
const plainNode = [npmPackages, forPlainNode, nativeLibrary, bundles];
const win32 = () => (whyNoWin32() === undefined ? [win32Engine] : []);

/** What each program of `build/` needs, in the order in which it is made. @type {Record<string, () => readonly import('./set-up.mjs').Step[]>} */
const GOALS = {
  start: () => window,
  package: () => window,
  headless: () => plainNode,
  cli: () => plainNode,
  bench: benchSteps,
  'bench-window': () => [npmPackages, forWindowOfOurs, nativeLibrary, electron, bundles],
  soak: soakSteps,
  test: () => [npmPackages, forTests, nativeLibrary, ...win32(), electron, bundles],
};

export const GOAL_NAMES = Object.keys(GOALS);

/** @param {string} goal */
export const stepsOf = (goal) => GOALS[goal]?.() ?? [];
