import fs from 'node:fs';
import path from 'node:path';
import { OUT, fromRoot } from './paths.mjs';

const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];

/** Paints the one drawing in every size that packages want, so that no picture has to be committed. */
export async function paintIcons() {
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const svg = fs.readFileSync(fromRoot('build', 'icons', 'icon.svg'), 'utf8');
  const folder = path.join(OUT, 'icons');
  fs.mkdirSync(folder, { recursive: true });
  for (const size of SIZES) {
    // Drawn at its own size each time: a scaled picture of another size would be soft.
    const sized = svg.replace(/ width="\d+" height="\d+"/, ` width="${size}" height="${size}"`);
    const canvas = createCanvas(size, size);
    canvas.getContext('2d').drawImage(await loadImage(Buffer.from(sized)), 0, 0, size, size);
    fs.writeFileSync(path.join(folder, `${size}x${size}.png`), canvas.toBuffer('image/png'));
  }
}
