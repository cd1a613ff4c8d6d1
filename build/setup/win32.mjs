import { fromRoot } from '../paths.mjs';
import { SetupFault } from './fault.mjs';
import { buildNative, checkCTools, isBuilt } from './native.mjs';
import {
  WINDOWS_TOOLS,
  aptCommand,
  installPackages,
  isDebian,
  isRoot,
  missingNeeds,
} from './system-packages.mjs';
import { findWine, hasPrefix, makePrefix } from './wine.mjs';

/** @returns {import('./native.mjs').NativeBuild} */
export function win32Build() {
  return {
    name: 'win32-x64',
    products: ['apc.dll', 'apc-run.exe'],
    options: [
      `-DCMAKE_TOOLCHAIN_FILE=${fromRoot('native-bridge', 'cmake', 'mingw-w64.cmake')}`,
      `-DCMAKE_CROSSCOMPILING_EMULATOR=${findWine() ?? ''}`,
    ],
  };
}

/** Why the win32 engine can't run here, or undefined if it can or can be made to. */
export function whyNoWin32() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `Wine is used on Linux x64 only, and this is ${process.platform} ${process.arch}`;
  if (missingTools().length === 0 || (isDebian() && isRoot())) return undefined;
  if (!isDebian()) return 'Wine (64 bit) or the compiler x86_64-w64-mingw32-gcc is missing';
  return `Wine or MinGW is missing, and only root may install it: ${aptCommand(missingTools())}`;
}

const missingTools = () => missingNeeds(WINDOWS_TOOLS);

/** @type {import('./set-up.mjs').Step} */
export const win32Engine = {
  title: 'win32 on Wine',
  only: 'win32',
  isReady() {
    return findWine() !== undefined && hasPrefix() && isBuilt(win32Build());
  },
  async make(progress) {
    const reason = whyNoWin32();
    if (reason) throw new SetupFault(`The win32 engine can't run here: ${reason}.`);
    if (missingTools().length > 0) await installPackages(missingTools(), progress);
    const wine = findWine();
    if (!wine)
      throw new SetupFault('Wine was installed, yet no wine64 was found on PATH or in /usr/lib/wine.');
    checkCTools();
    await buildNative(win32Build(), progress);
    progress('first start of Wine');
    if (!hasPrefix()) await makePrefix(wine);
    return 'built apc.dll and apc-run.exe';
  },
};
