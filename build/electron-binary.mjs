import fs from 'node:fs';
import { fromCache, fromRoot } from './paths.mjs';

const PATH_FILE = fromCache('electron', 'path.json');

/**
 * @typedef {object} ElectronBinary
 * @property {string} executable
 * @property {string} version
 * @property {'official' | 'registry'} source
 * @property {string} wanted  the electron package's version when it was resolved
 */

/**
 * The Electron that set-up resolved, or undefined if it has to be resolved (again).
 * @returns {ElectronBinary | undefined}
 */
export function electronBinary() {
  try {
    /** @type {ElectronBinary} */
    const binary = JSON.parse(fs.readFileSync(PATH_FILE, 'utf8'));
    return binary.wanted === wantedElectron() && fs.existsSync(binary.executable) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** @param {ElectronBinary} binary */
export function rememberElectron(binary) {
  fs.mkdirSync(fromCache('electron'), { recursive: true });
  fs.writeFileSync(PATH_FILE, `${JSON.stringify(binary, undefined, 2)}\n`);
}

/** @returns {string} */
export function wantedElectron() {
  return JSON.parse(fs.readFileSync(fromRoot('package.json'), 'utf8')).devDependencies.electron;
}
