import type { Axis } from './time-axis.ts';
import type { Viewport } from './viewport.ts';

/** A cell is at least this wide; the next power of two makes it less than twice as wide. */
const LEAST_CELL_CSS = 3;

/**
 * The grid into which narrow stretches are folded. Its cells are powers of two of the axis' unit and begin at position 0,
 * not at the screen's edge: panning shows the same cells, so that folded marks don't flicker.
 */
export class CellGrid {
  /** Width of a cell, in positions. */
  readonly cell: number;
  readonly #view: Viewport;
  /** Sort key (Axis.keyAt) of each cell's start: all lanes ask for the same ones. */
  readonly #keys = new Map<number, number>();
  readonly #times = new Map<number, number>();

  constructor(view: Viewport) {
    this.#view = view;
    this.cell = 2 ** Math.ceil(Math.log2((LEAST_CELL_CSS * view.span) / view.widthCss));
  }

  get axis(): Axis {
    return this.#view.axis;
  }

  /** The number of the cell that holds a position. */
  at(position: number): number {
    return Math.floor(position / this.cell);
  }

  start(cell: number): number {
    return cell * this.cell;
  }

  keyAtStart(cell: number): number {
    let key = this.#keys.get(cell);
    if (key === undefined) this.#keys.set(cell, (key = this.#view.axis.keyAt(cell * this.cell)));
    return key;
  }

  timeAtStart(cell: number): number {
    let timeNs = this.#times.get(cell);
    if (timeNs === undefined) this.#times.set(cell, (timeNs = this.#view.axis.timeAt(cell * this.cell)));
    return timeNs;
  }
}
