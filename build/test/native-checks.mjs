import fs from 'node:fs';
import path from 'node:path';
import { fromCache } from '../paths.mjs';
import { findProgram, run } from '../setup/run.mjs';
import { HOST_BUILD, buildNative, isBuilt, nativeFolder } from '../setup/native.mjs';
import { whyNoWin32, win32Build } from '../setup/win32.mjs';
import { WINE_ENVIRONMENT, findWine, warmUp } from '../setup/wine.mjs';
import { countReport, parseJUnit } from './counts.mjs';

/** @typedef {import('./checks.mjs').Check} Check */

const onWindows = process.platform === 'win32';
const CHECK_LIMIT_MS = 15 * 60_000;
const TEST_LIMIT_S = 120;

/** @type {Check} */
export const hostNative = {
  name: 'native',
  title: onWindows ? 'native tests, win32' : 'native tests, posix',
  work: (echo) => ctest('native', HOST_BUILD.name, echo),
};

/** @type {Check} */
export const wineNative = {
  name: 'win32',
  title: 'native tests, win32 on Wine',
  skip() {
    if (onWindows) return { reason: 'here the real win32 engine is tested', applies: false };
    const reason = whyNoWin32();
    return reason ? { reason, applies: process.platform === 'linux' && process.arch === 'x64' } : undefined;
  },
  async work(echo) {
    await warmUp(findWine() ?? 'wine64');
    return ctest('win32', win32Build().name, echo, WINE_ENVIRONMENT);
  },
};

export const addressSanitizer = sanitized('asan', 'address', 'ASan and UBSan');
export const threadSanitizer = sanitized('tsan', 'thread', 'TSan');

/**
 * @param {string} name
 * @param {string} sanitizer  the value of the CMake option APC_SANITIZE
 * @param {string} title
 * @returns {Check}
 */
function sanitized(name, sanitizer, title) {
  return {
    name,
    title: `native tests, ${title}`,
    skip: () => (onWindows ? { reason: "the C compiler here doesn't have it", applies: false } : undefined),
    async work(echo) {
      const build = {
        name,
        products: [],
        buildType: 'RelWithDebInfo',
        options: [`-DAPC_SANITIZE=${sanitizer}`],
      };
      if (!isBuilt(build)) await buildNative(build, () => {});
      return ctest(name, name, echo, {}, wholeAddressSpace());
    },
  };
}

/**
 * @param {string} name
 * @param {string} folder  under `.cache/native/`
 * @param {(text: string) => void} echo
 * @param {Record<string, string>} [env]
 * @param {readonly string[]} [before]  a program that runs ctest
 */
async function ctest(name, folder, echo, env = {}, before = []) {
  const report = fromCache('test', `${name}.xml`);
  fs.mkdirSync(path.dirname(report), { recursive: true });
  fs.rmSync(report, { force: true });
  const words = [
    ...before,
    'ctest',
    '--test-dir',
    nativeFolder(folder),
    '-C',
    'Release',
    '--output-on-failure',
    '--timeout',
    String(TEST_LIMIT_S),
    '--output-junit',
    report,
  ];
  const [command = '', ...args] = words;
  const { status } = await run(command, args, { env, timeoutMs: CHECK_LIMIT_MS, onOutput: echo });
  return countReport(report, status, parseJUnit);
}

/** GCC 12's sanitizers can't find room for their shadow memory where the kernel spreads addresses widely. */
function wholeAddressSpace() {
  return process.platform === 'linux' && findProgram('setarch') ? ['setarch', '--addr-no-randomize'] : [];
}
