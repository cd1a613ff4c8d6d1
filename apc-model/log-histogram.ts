/** Buckets for each power of two: no bucket is wider than a sixteenth of its lower bound. */
const PARTS = 16;
const PARTS_LOG2 = 4;
/** Up to 2^53: the whole numbers that a double holds. */
const BUCKETS = (53 - PARTS_LOG2 + 1) * PARTS;

/** What a percentile may be off by, as a share of the true value: half a bucket. Below 16 ns it is exact. */
export const RELATIVE_ERROR = 1 / (2 * PARTS);

/**
 * How long something took, as counts in buckets whose width grows with the value: 3.2 KB, however much is recorded.
 * Durations are whole nanoseconds, not negative.
 */
export class LogHistogram {
  #counts: Uint32Array | undefined;
  count = 0;
  sumNs = 0;
  leastNs = Number.POSITIVE_INFINITY;
  mostNs = 0;

  record(durationNs: number): void {
    this.#counts ??= new Uint32Array(BUCKETS);
    this.#counts[bucketOf(durationNs)]!++;
    this.count++;
    this.sumNs += durationNs;
    if (durationNs < this.leastNs) this.leastNs = durationNs;
    if (durationNs > this.mostNs) this.mostNs = durationNs;
  }

  /** Takes over all that another one recorded. */
  merge(other: LogHistogram): void {
    if (other.#counts === undefined) return;
    this.#counts ??= new Uint32Array(BUCKETS);
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.#counts[bucket]! += other.#counts[bucket]!;
    this.count += other.count;
    this.sumNs += other.sumNs;
    this.leastNs = Math.min(this.leastNs, other.leastNs);
    this.mostNs = Math.max(this.mostNs, other.mostNs);
  }

  get meanNs(): number | undefined {
    return this.count === 0 ? undefined : this.sumNs / this.count;
  }

  /**
   * The duration that `share` (0 to 1) of all recorded ones do not exceed, within RELATIVE_ERROR; 0 and 1 give the least
   * and the most exactly. undefined while nothing is recorded.
   */
  percentileNs(share: number): number | undefined {
    if (this.#counts === undefined) return undefined;
    if (share <= 0) return this.leastNs;
    if (share >= 1) return this.mostNs;
    const rank = Math.ceil(share * this.count);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) return Math.min(this.mostNs, Math.max(this.leastNs, middleOf(bucket)));
    }
    return this.mostNs;
  }
}

/** 0 to 15 have a bucket each; from 16 on every power of two has PARTS of them. */
function bucketOf(value: number): number {
  // Beyond 32 bits the upper word decides, and 16 times its resolution: few durations are so long.
  if (value >= 0x1_0000_0000) return bucketOf(Math.floor(value / 0x1000_0000)) + 28 * PARTS;
  if (value < PARTS) return value >>> 0;
  const shift = 31 - PARTS_LOG2 - Math.clz32(value);
  return shift * PARTS + (value >>> shift);
}

function middleOf(bucket: number): number {
  if (bucket < PARTS) return bucket;
  const width = 2 ** ((bucket >>> PARTS_LOG2) - 1);
  return (PARTS + (bucket & (PARTS - 1))) * width + (width - 1) / 2;
}
