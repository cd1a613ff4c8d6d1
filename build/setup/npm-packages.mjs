import fs from 'node:fs';
import { fromRoot } from '../paths.mjs';
import { npmCommand } from './npm.mjs';
import { mustRun } from './run.mjs';

/** @typedef {Record<string, {version?: string, integrity?: string, optional?: boolean}>} Packages */

/** @type {import('./set-up.mjs').Step} */
export const npmPackages = {
  title: 'npm packages',
  only: 'npm',
  isReady() {
    const wanted = readPackages('package-lock.json');
    const present = readPackages('node_modules/.package-lock.json');
    return wanted !== undefined && present !== undefined && agree(wanted, present);
  },
  async make() {
    const verb = fs.existsSync(fromRoot('package-lock.json')) ? 'ci' : 'install';
    const [command, args] = npmCommand([verb, '--no-audit', '--no-fund', '--loglevel=error']);
    await mustRun('The npm packages could not be installed', command, args);
    return `installed by npm ${verb}`;
  },
};

/**
 * npm writes what it installed into node_modules: when that is what the lock file says, there is nothing to do. Comparing
 * the two, rather than a stamp, leaves alone a folder that a developer's own `npm install` has just brought up to date.
 * Packages for other systems are in the lock file only, and marked optional.
 * @param {Packages} wanted
 * @param {Packages} present
 */
function agree(wanted, present) {
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue;
    const found = present[name];
    if (found ? !same(entry, found) : entry.optional !== true) return false;
  }
  return Object.keys(present).every((name) => name in wanted);
}

/** @param {Packages[string]} a @param {Packages[string]} b */
const same = (a, b) => a.version === b.version && a.integrity === b.integrity;

/** @param {string} file @returns {Packages | undefined} */
function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(fromRoot(file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
