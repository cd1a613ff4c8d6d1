import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Box } from '../timeline/draw-list.ts';

/** A decoded picture, looked at in the CSS pixels that its layout is in. */
export class Pixels {
  readonly width: number;
  readonly height: number;
  readonly #data: Uint8ClampedArray;
  readonly #scale: number;

  static async decode(png: Uint8Array, scale: number): Promise<Pixels> {
    const image = await loadImage(png);
    const canvas = createCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return new Pixels(
      image.width,
      image.height,
      context.getImageData(0, 0, image.width, image.height).data,
      scale,
    );
  }

  private constructor(width: number, height: number, data: Uint8ClampedArray, scale: number) {
    this.width = width;
    this.height = height;
    this.#data = data;
    this.#scale = scale;
  }

  /**
   * What share of a box has this colour, 0 to 1.
   * @param colour `#rrggbb`
   * @param tolerance how far each channel may be off, for lines whose edges are smoothed
   */
  share(box: Box, colour: string, tolerance = 0): number {
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [
      number,
      number,
      number,
    ];
    const left = Math.ceil(box.xCss * this.#scale);
    const right = Math.floor((box.xCss + box.widthCss) * this.#scale);
    const top = Math.ceil(box.yCss * this.#scale);
    const bottom = Math.floor((box.yCss + box.heightCss) * this.#scale);
    let found = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = (y * this.width + x) * 4;
        const off = Math.max(
          Math.abs(this.#data[at]! - red),
          Math.abs(this.#data[at + 1]! - green),
          Math.abs(this.#data[at + 2]! - blue),
        );
        if (off <= tolerance) found++;
      }
    }
    return found / Math.max(1, (right - left) * (bottom - top));
  }
}

/** The box without a rim of so many CSS pixels. */
export const within = (box: Box, rimCss: number): Box => ({
  xCss: box.xCss + rimCss,
  yCss: box.yCss + rimCss,
  widthCss: box.widthCss - 2 * rimCss,
  heightCss: box.heightCss - 2 * rimCss,
});
