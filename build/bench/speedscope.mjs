import fs from 'node:fs';
import path from 'node:path';
import { fromCache } from '../paths.mjs';
import { npmCommand } from '../setup/npm.mjs';
import { mustRun } from '../setup/run.mjs';

const VERSION = '1.25.0';
const FOLDER = fromCache('bench', 'peers');
const PACKAGE = path.join(FOLDER, 'node_modules', 'speedscope');

/** A peer that the app never needs: it is fetched by the bench, and by nothing else. */
export async function installSpeedscope() {
  const found = path.join(PACKAGE, 'package.json');
  if (fs.existsSync(found) && JSON.parse(fs.readFileSync(found, 'utf8')).version === VERSION) return;
  fs.mkdirSync(FOLDER, { recursive: true });
  fs.writeFileSync(path.join(FOLDER, 'package.json'), '{ "private": true }\n');
  const [command, args] = npmCommand([
    ...['install', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    `speedscope@${VERSION}`,
  ]);
  await mustRun('speedscope could not be installed', command, args);
}

/** Its page, which runs from disk. */
export const speedscopePage = () => path.join(PACKAGE, 'dist', 'release', 'index.html');
