/** Which stretches of one row are taken by texts, so that none overlap. */
export class Occupancy {
  readonly #taken: { from: number; to: number }[] = [];

  isFree(from: number, to: number): boolean {
    return this.#taken.every((one) => to <= one.from || from >= one.to);
  }

  take(from: number, to: number): void {
    this.#taken.push({ from, to });
  }

  /** Takes the stretch if it is free. */
  tryTake(from: number, to: number): boolean {
    if (!this.isFree(from, to)) return false;
    this.take(from, to);
    return true;
  }
}
