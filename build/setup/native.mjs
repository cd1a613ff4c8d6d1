import fs from 'node:fs';
import path from 'node:path';
import { CACHE, fromCache, fromRoot } from '../paths.mjs';
import { SetupFault } from './fault.mjs';
import { findProgram, mustRun } from './run.mjs';
import { readStamp, treeHash, writeStamp } from './stamp.mjs';

const HOST = `${process.platform}-${process.arch}`;
/** @type {Partial<Record<NodeJS.Platform, string>>} */
const LIBRARIES = { win32: 'apc.dll', darwin: 'libapc.dylib' };
const LIBRARY = LIBRARIES[process.platform] ?? 'libapc.so';

/**
 * @typedef {object} NativeBuild
 * @property {string} name  its folder under `.cache/native/`
 * @property {readonly string[]} products  files that must be there afterwards
 * @property {readonly string[]} [options]  for CMake's configure run
 * @property {string} [buildType]
 */

/** @type {NativeBuild} */
export const HOST_BUILD = {
  name: HOST,
  products: [LIBRARY, process.platform === 'win32' ? 'apc-run.exe' : 'apc-run'],
};

/** @type {import('./set-up.mjs').Step} */
export const nativeLibrary = {
  title: 'native library',
  only: 'native',
  isReady() {
    return isBuilt(HOST_BUILD);
  },
  async make(progress) {
    checkCTools();
    await buildNative(HOST_BUILD, progress);
    return `built ${path.relative(path.dirname(CACHE), nativeFolder(HOST_BUILD.name))}/${LIBRARY}`;
  },
};

/** @param {string} name */
export const nativeFolder = (name) => fromCache('native', name);

/** @param {NativeBuild} build */
export function isBuilt(build) {
  return (
    build.products.every((file) => fs.existsSync(path.join(nativeFolder(build.name), file))) &&
    readStamp(`native-${build.name}`) === stampOf(build)
  );
}

/**
 * @param {NativeBuild} build
 * @param {import('./report.mjs').Progress} progress
 */
export async function buildNative(build, progress) {
  if (!fs.existsSync(fromRoot('native-bridge', 'CMakeLists.txt')))
    throw new SetupFault(
      'native-bridge/CMakeLists.txt is missing: the native library has no sources to build from.',
    );
  const stamp = stampOf(build);
  const folder = nativeFolder(build.name);
  const type = build.buildType ?? 'Release';
  progress('configuring');
  dropMovedFolder(folder);
  // One flat folder: a program finds apc.dll beside itself. $<1:…> keeps Visual Studio from adding a folder a configuration.
  const slashed = folder.replaceAll('\\', '/');
  const flat = ['RUNTIME', 'LIBRARY'].map((kind) => `-DCMAKE_${kind}_OUTPUT_DIRECTORY=$<1:${slashed}>`);
  const what = `The native library (${build.name}) could not be`;
  const options = [`-DCMAKE_BUILD_TYPE=${type}`, ...flat, ...(build.options ?? [])];
  try {
    await mustRun(`${what} configured`, 'cmake', ['-S', fromRoot('native-bridge'), '-B', folder, ...options]);
  } catch (error) {
    // CMake remembers a compiler that it didn't find, and would not look for it again.
    fs.rmSync(path.join(folder, 'CMakeCache.txt'), { force: true });
    throw error;
  }
  progress('compiling');
  await mustRun(`${what} built`, 'cmake', ['--build', folder, '--config', type, '--parallel']);
  const absent = build.products.filter((file) => !fs.existsSync(path.join(folder, file)));
  if (absent.length > 0)
    throw new SetupFault(`${what} finished: CMake made no ${absent.join(', ')} in ${folder}.`);
  writeStamp(`native-${build.name}`, stamp);
}

/** CMake refuses a folder that it made at another place, as when the project was moved. @param {string} folder */
function dropMovedFolder(folder) {
  const cache = path.join(folder, 'CMakeCache.txt');
  if (!fs.existsSync(cache)) return;
  const made = /^CMAKE_CACHEFILE_DIR:INTERNAL=(.*)$/m.exec(fs.readFileSync(cache, 'utf8'))?.[1] ?? '';
  if (path.resolve(made) !== path.resolve(folder)) fs.rmSync(folder, { recursive: true });
}

/** @param {NativeBuild} build */
function stampOf(build) {
  return `${treeHash(['native-bridge'])} ${build.buildType ?? ''} ${(build.options ?? []).join(' ')}`;
}

/** Debian's compiler comes with the system packages; elsewhere we can only say what to install. */
export function checkCTools() {
  if (!findProgram('cmake'))
    throw new SetupFault(
      `CMake is missing, and the native library is built with it. ${INSTALL_CMAKE[process.platform] ?? INSTALL_CMAKE['linux']}`,
    );
  // On Windows CMake finds Visual Studio by itself, though its compiler is on no PATH.
  if (process.platform !== 'win32' && !findProgram('cc'))
    throw new SetupFault(`A C compiler is missing. ${INSTALL_CC[process.platform] ?? INSTALL_CC['linux']}`);
}

/** @type {Record<string, string>} */
const INSTALL_CMAKE = {
  win32:
    'Install "Visual Studio Build Tools" with the workload "Desktop development with C++", which brings CMake too, and open a new terminal.',
  darwin: 'Install it from cmake.org or with `brew install cmake`.',
  linux: 'Install cmake, make and gcc with your package manager.',
};

/** @type {Record<string, string>} */
const INSTALL_CC = {
  darwin: 'Run `xcode-select --install`.',
  linux: 'Install gcc (with the C library headers) and make with your package manager.',
};
