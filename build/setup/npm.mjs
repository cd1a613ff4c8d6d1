import fs from 'node:fs';
import path from 'node:path';

/**
 * How to run npm without a shell: the program that runs us if it is npm, else the one that came with this Node.
 * @param {readonly string[]} args
 * @returns {[string, string[]]}
 */
export function npmCommand(args) {
  const bin = path.dirname(process.execPath);
  const candidates = [
    process.env['npm_execpath'] ?? '',
    path.join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = candidates.find((file) => /npm-cli\.c?js$/.test(file) && fs.existsSync(file));
  return script ? [process.execPath, [script, ...args]] : ['npm', [...args]];
}
