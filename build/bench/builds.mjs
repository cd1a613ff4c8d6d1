import fs from 'node:fs';
import path from 'node:path';
import { buildNative, checkCTools, isBuilt, nativeFolder } from '../setup/native.mjs';
import {
  C_TOOLS,
  WINDOWS_TOOLS,
  aptCommand,
  installPackages,
  isDebian,
  isRoot,
  missingNeeds,
  systemPackages,
} from '../setup/system-packages.mjs';
import { whyNoWin32, win32Build, win32Engine } from '../setup/win32.mjs';

/**
 * @typedef {import('../setup/native.mjs').NativeBuild} NativeBuild
 * @typedef {import('../setup/set-up.mjs').Step} Step
 */

const BENCH_OPTIONS = ['-DAPC_BENCH=ON', '-DBUILD_TESTING=OFF'];

/** What the lab is measured against, and the app never needs. */
const PEERS = [
  { program: 'peer-uv', needs: [{ packages: ['libuv1-dev'] }] },
  { program: 'peer-asio', needs: [{ packages: ['g++'], program: 'c++' }, { packages: ['libboost-dev'] }] },
];

/** @type {NativeBuild} */
const BENCH_BUILD = {
  name: 'bench',
  products: ['apc-bench', 'apc-bench-untraced', 'apc-soak', 'peer-plain'],
  options: BENCH_OPTIONS,
};

/** @returns {NativeBuild} */
function win32BenchBuild() {
  const { options = [] } = win32Build();
  return {
    name: 'bench-win32',
    products: ['apc-bench.exe', 'apc-bench-untraced.exe', 'peer-win32.exe'],
    options: [...options, ...BENCH_OPTIONS],
  };
}

/** @type {NativeBuild} */
export const SOAK_ASAN_BUILD = {
  name: 'asan',
  products: ['apc-soak'],
  buildType: 'RelWithDebInfo',
  options: ['-DAPC_SANITIZE=address'],
};

/** @param {string} program */
export const benchProgram = (program) => path.join(nativeFolder(BENCH_BUILD.name), program);
/** @param {string} program */
export const win32BenchProgram = (program) => path.join(nativeFolder(win32BenchBuild().name), program);

/** Why a peer can't be measured here, or undefined. @param {string} program */
export function whyNoPeer(program) {
  if (fs.existsSync(benchProgram(program))) return undefined;
  const { needs } = PEERS.find((peer) => peer.program === program) ?? {};
  const missing = needs && isDebian() ? missingNeeds(needs) : [];
  if (missing.length === 0) return 'CMake found no sources of it to build with';
  return isRoot() ? 'apt could not install it' : `only root may install it: ${aptCommand(missing)}`;
}

const missingPeers = () => missingNeeds(PEERS.flatMap(({ needs }) => needs));

/** Nothing stops for lack of a peer. @type {Step} */
const peers = {
  title: 'peers',
  only: 'peers',
  isReady: () => !isDebian() || !isRoot() || missingPeers().length === 0,
  async make(progress) {
    try {
      return await installPackages(missingPeers(), progress);
    } catch {
      return 'could not be installed; their rows are left out';
    }
  },
};

/** @type {Step} */
const benches = {
  title: 'benches',
  only: 'benches',
  isReady() {
    if (!isBuilt(BENCH_BUILD)) return false;
    // One that was installed since would not be found otherwise.
    return PEERS.every(
      ({ program, needs }) =>
        fs.existsSync(benchProgram(program)) || !isDebian() || missingNeeds(needs).length > 0,
    );
  },
  make: (progress) => build(BENCH_BUILD, progress),
};

/** @type {Step} */
const win32Benches = {
  title: 'benches, win32',
  only: 'win32-benches',
  isReady: () => isBuilt(win32BenchBuild()),
  make: (progress) => build(win32BenchBuild(), progress),
};

/** @type {Step} */
export const soakAsan = {
  title: 'soak with ASan',
  only: 'soak-asan',
  isReady: () => isBuilt(SOAK_ASAN_BUILD),
  make: (progress) => build(SOAK_ASAN_BUILD, progress),
};

/** @param {NativeBuild} what @param {import('../setup/report.mjs').Progress} progress */
async function build(what, progress) {
  checkCTools();
  await buildNative(what, progress);
  return `built .cache/native/${what.name}`;
}

const cTools = systemPackages(() => C_TOOLS, process.arch === 'x64' ? WINDOWS_TOOLS : []);

export const benchSteps = () => [
  cTools,
  peers,
  benches,
  ...(whyNoWin32() === undefined ? [win32Engine, win32Benches] : []),
];

export const soakSteps = () => [systemPackages(() => C_TOOLS), benches, soakAsan];
