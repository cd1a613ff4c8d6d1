import fs from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LONGEST_END = 22 + 0xffff;
const STORED = 0;
const REGULAR_FILE = 0o100000;

/** @typedef {{name: string, method: number, packedBytes: number, bytes: number, headerAt: number, mode: number}} ZipEntry */

/**
 * Writes chosen files of a zip to a folder, with their modes. Enough of the format for an archive whose sum was checked:
 * no ZIP64, no encryption, no links.
 * @param {string} archive
 * @param {string} folder
 * @param {(name: string) => string | undefined} rename  an entry's path under the folder, or undefined to leave it out
 * @param {(doneFraction: number) => void} onProgress
 */
export async function extractZip(archive, folder, rename, onProgress) {
  const fd = fs.openSync(archive, 'r');
  try {
    const chosen = readDirectory(fd).flatMap((entry) => {
      const to = entry.name.endsWith('/') ? undefined : rename(entry.name);
      return to === undefined ? [] : [{ entry, file: path.join(folder, to) }];
    });
    const total = chosen.reduce((sum, { entry }) => sum + entry.bytes, 0);
    let done = 0;
    for (const { entry, file } of chosen) {
      await mkdir(path.dirname(file), { recursive: true });
      await extractEntry(archive, fd, entry, file);
      onProgress((done += entry.bytes) / total);
    }
    return chosen.length;
  } finally {
    fs.closeSync(fd);
  }
}

/** @param {number} fd @returns {ZipEntry[]} */
function readDirectory(fd) {
  const size = fs.fstatSync(fd).size;
  const tail = readAt(fd, Math.max(0, size - LONGEST_END), Math.min(size, LONGEST_END));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('not a zip archive');
  const directory = readAt(fd, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === DIRECTORY_ENTRY;) {
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      headerAt: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** @param {string} archive @param {number} fd @param {ZipEntry} entry @param {string} file */
async function extractEntry(archive, fd, entry, file) {
  if (entry.mode !== 0 && (entry.mode & 0o170000) !== REGULAR_FILE)
    throw new Error(`${entry.name} is not a plain file`);
  const header = readAt(fd, entry.headerAt, 30);
  const start = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const mode = entry.mode & 0o777 || 0o644;
  if (entry.packedBytes === 0) return fs.writeFileSync(file, '', { mode });
  const packed = fs.createReadStream(archive, { start, end: start + entry.packedBytes - 1 });
  const plain = fs.createWriteStream(file, { mode });
  await (entry.method === STORED ? pipeline(packed, plain) : pipeline(packed, createInflateRaw(), plain));
  if (plain.bytesWritten !== entry.bytes)
    throw new Error(`${entry.name} has ${plain.bytesWritten} bytes and not ${entry.bytes}`);
}

/** @param {number} fd @param {number} position @param {number} length */
function readAt(fd, position, length) {
  const bytes = Buffer.alloc(length);
  fs.readSync(fd, bytes, 0, length, position);
  return bytes;
}
