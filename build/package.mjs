import fs from 'node:fs';
import path from 'node:path';
import { electronBinary } from './electron-binary.mjs';
import { paintIcons } from './icons.mjs';
import { ROOT, fromRoot } from './paths.mjs';
import { SetupFault, runMain } from './setup/fault.mjs';
import { readFuses } from './setup/fuses.mjs';
import { stepsOf } from './setup/goals.mjs';
import { createReport } from './setup/report.mjs';
import { setUp } from './setup/set-up.mjs';

async function main() {
  await setUp(stepsOf('package'));
  const binary = electronBinary();
  if (!binary)
    throw new SetupFault('Electron is missing after set-up. Delete .cache/electron and try again.');
  const report = createReport(process.stderr);
  await report.step('icons', async () => {
    await paintIcons();
    return 'painted';
  });
  await report.step('package', () => buildFolder(binary));
  if (binary.source === 'registry') {
    report.note(
      `Not to be shipped: it holds Electron ${binary.version}, whose release line is out of support, because the official ${binary.wanted} can't be downloaded here.`,
    );
  }
  return 0;
}

/**
 * electron-builder takes the Electron that set-up resolved, instead of downloading it once more.
 * @param {import('./electron-binary.mjs').ElectronBinary} binary
 */
async function buildFolder(binary) {
  const { Arch, Platform, build } = await import('electron-builder');
  const arch = process.arch === 'arm64' ? Arch.arm64 : Arch.x64;
  await build({
    projectDir: ROOT,
    targets: Platform.current().createTarget('dir', arch),
    config: {
      extends: fromRoot('build', 'electron-builder.yml'),
      electronDist: electronFolder(binary.executable),
      electronVersion: binary.version,
      // What electron-builder does only for an Electron that it downloaded itself.
      afterExtract: ({ appOutDir, packager }) => {
        fs.rmSync(path.join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true });
        fs.rmSync(path.join(appOutDir, 'version'), { force: true });
      },
    },
    publish: 'never',
  });
  const executable = packagedExecutable();
  await checkFuses(executable);
  return path.relative(process.cwd(), executable);
}

/** On macOS the executable lies deep inside Electron.app, beside which electron-builder looks. @param {string} executable */
function electronFolder(executable) {
  const app = executable.indexOf(`${path.sep}Electron.app${path.sep}`);
  return app < 0 ? path.dirname(executable) : executable.slice(0, app);
}

function packagedExecutable() {
  const arch = process.arch === 'arm64' ? '-arm64' : '';
  const candidates = [
    ['linux-unpacked', 'alertable'],
    ['linux-arm64-unpacked', 'alertable'],
    ['win-unpacked', 'Alertable.exe'],
    [`mac${arch}`, 'Alertable.app', 'Contents', 'MacOS', 'Alertable'],
  ].map((parts) => fromRoot('dist', ...parts));
  const found = candidates.find((file) => fs.existsSync(file));
  if (!found) throw new SetupFault('electron-builder finished without leaving an app in dist/.');
  return found;
}

/** What counts is what the binary says, not what its configuration wished. @param {string} executable */
async function checkFuses(executable) {
  const fuses = await readFuses(executable);
  const wrong = Object.entries(SHIPPED_FUSES).filter(([name, on]) => fuses[name] !== on);
  if (wrong.length > 0)
    throw new SetupFault(`The package has these fuses wrong: ${wrong.map(([name]) => name).join(', ')}.`);
}

/** @type {Record<string, boolean>} */
const SHIPPED_FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};

await runMain(main);
