// What the stock default app does for `electron [-r module] <folder>`: it makes a folder with a package.json the app.
import { app } from 'electron';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const words = process.argv.slice(1);
const preloaded = [];
/** @type {string | undefined} */
let target;
while (words.length > 0 && target === undefined) {
  const word = words.shift() ?? '';
  if (word === '-r' || word === '--require') preloaded.push(words.shift() ?? '');
  else if (!word.startsWith('-')) target = word;
}
if (target === undefined) {
  process.stderr.write('usage: electron [-r module] <folder of the app>\n');
  process.exit(1);
}

Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
const require = createRequire(path.join(process.cwd(), 'index.js'));
for (const module of preloaded) require(module);

const folder = path.resolve(target);
/** The stock default app's own two setters are in no public typing. @type {any} */
const undocumented = app;
const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
if (manifest.version) undocumented.setVersion(manifest.version);
app.name = manifest.productName ?? manifest.name;
app.setDesktopName(manifest.desktopName ?? `${app.name}.desktop`);
undocumented.setAppPath(folder);
await import(pathToFileURL(path.join(folder, manifest.main ?? 'index.js')).href);
