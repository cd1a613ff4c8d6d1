import type { CellGrid } from './cell-grid.ts';
import type { Axis } from './time-axis.ts';

/** More are not kept: the cells of some ten screens. */
const MOST = 16_384;

/**
 * What was found in the cells of a grid and can't change any more. The next frame, a little further on, has mostly the
 * same cells: then a frame costs what is new in it. All of it is forgotten with the first frame of another grid.
 */
export class KnownCells<Found> {
  #axis: Axis | undefined;
  #cell = 0;
  readonly #found = new Map<number, Found>();

  /** Begins anew where the grid is another one. */
  of(grid: CellGrid): this {
    if (grid.axis !== this.#axis || grid.cell !== this.#cell) {
      this.#axis = grid.axis;
      this.#cell = grid.cell;
      this.#found.clear();
    }
    return this;
  }

  get(key: number): Found | undefined {
    return this.#found.get(key);
  }

  keep(key: number, found: Found): void {
    if (this.#found.size >= MOST) this.#found.clear();
    this.#found.set(key, found);
  }
}
