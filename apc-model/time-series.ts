/** Every series has this many buckets of equal width. */
export const SERIES_BUCKETS = 512;
const FIRST_WIDTH_NS = 2 ** 16;

/**
 * Something over session time in SERIES_BUCKETS buckets: when time outgrows them, their width doubles and neighbours
 * are merged. 2 KB, however long the session.
 */
abstract class TimeSeries {
  widthNs = FIRST_WIDTH_NS;
  protected readonly values = new Uint32Array(SERIES_BUCKETS);

  /** The value of a bucket: [bucket * widthNs, (bucket + 1) * widthNs). */
  at(bucket: number): number {
    return this.values[bucket] ?? 0;
  }

  /** The bucket of an instant, after making room for it. */
  protected bucketFor(timeNs: number): number {
    while (timeNs >= this.widthNs * SERIES_BUCKETS) this.#widen();
    return Math.max(0, Math.floor(timeNs / this.widthNs));
  }

  protected abstract merge(one: number, other: number): number;
  /** Told when the bucket that was last written to has moved to half its place. */
  protected abstract widened(): void;

  #widen(): void {
    const half = SERIES_BUCKETS / 2;
    for (let bucket = 0; bucket < half; bucket++)
      this.values[bucket] = this.merge(this.values[bucket * 2]!, this.values[bucket * 2 + 1]!);
    this.values.fill(0, half);
    this.widthNs *= 2;
    this.widened();
  }
}

/** How often something happened in each bucket. */
export class CountSeries extends TimeSeries {
  add(timeNs: number): void {
    this.values[this.bucketFor(timeNs)]!++;
  }

  protected merge(one: number, other: number): number {
    return one + other;
  }
  protected widened(): void {
    // Counts stand for themselves.
  }
}

/** The largest value in each bucket of something that stays as it is until it changes. */
export class PeakSeries extends TimeSeries {
  #last = 0;
  #lastBucket = 0;

  /** The value is this from `timeNs` on. Times do not fall. */
  change(timeNs: number, value: number): void {
    const bucket = this.bucketFor(timeNs);
    this.#extendTo(bucket);
    this.#last = value;
    if (value > this.values[bucket]!) this.values[bucket] = value;
  }

  /** The peaks up to `timeNs`, the present value carried on until then. */
  peaks(timeNs: number): number[] {
    const last = this.bucketFor(timeNs);
    return Array.from({ length: last + 1 }, (_, bucket) =>
      bucket <= this.#lastBucket ? this.values[bucket]! : this.#last,
    );
  }

  #extendTo(bucket: number): void {
    while (this.#lastBucket < bucket) this.values[++this.#lastBucket] = this.#last;
  }

  protected merge(one: number, other: number): number {
    return Math.max(one, other);
  }
  protected widened(): void {
    this.#lastBucket >>>= 1;
  }
}
