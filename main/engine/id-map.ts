/**
 * Things by their id (`p1`, `p2`, …), oldest first. Used in place of a Map where they come and go by the thousand: V8
 * links each table that a Map has outgrown to the next, and so, once one of them is old, all that ever was in the later
 * ones is held until a full collection.
 */

/** From how many on it is worth closing gaps. */
const FEW = 32;

export class IdMap<V> {
  /** Ascending, with those of gaps. */
  readonly #numbers: number[] = [];
  readonly #values: (V | undefined)[] = [];
  #begin = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The oldest. */
  get first(): V | undefined {
    while (this.#begin < this.#values.length && this.#values[this.#begin] === undefined) this.#begin += 1;
    return this.#values[this.#begin];
  }

  get(id: string): V | undefined {
    return this.#values[this.#find(id)];
  }

  /** @param id one that is not in it */
  set(id: string, value: V): void {
    const number = numberOf(id);
    let at = this.#numbers.length;
    while (at > 0 && (this.#numbers[at - 1] ?? 0) > number) at -= 1;
    if (at === this.#numbers.length) {
      this.#numbers.push(number);
      this.#values.push(value);
    } else {
      this.#numbers.splice(at, 0, number);
      this.#values.splice(at, 0, value);
      this.#begin = Math.min(this.#begin, at);
    }
    this.#size += 1;
  }

  delete(id: string): boolean {
    const at = this.#find(id);
    if (this.#values[at] === undefined) return false;
    this.#values[at] = undefined;
    this.#size -= 1;
    if (this.#values.length >= FEW && this.#size < this.#values.length / 2) this.#closeGaps();
    return true;
  }

  deleteFirst(): void {
    if (this.first !== undefined) this.delete(`p${this.#numbers[this.#begin]}`);
  }

  /** What is deleted or added meanwhile may be left out or not. */
  *values(): Generator<V> {
    for (const value of [...this.#values]) if (value !== undefined) yield value;
  }

  /** −1 where there is none. */
  #find(id: string): number {
    const number = numberOf(id);
    let low = this.#begin;
    let high = this.#numbers.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#numbers[middle] ?? 0;
      if (found === number) return middle;
      if (found < number) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #closeGaps(): void {
    let kept = 0;
    for (let at = 0; at < this.#values.length; at += 1) {
      const value = this.#values[at];
      if (value === undefined) continue;
      this.#values[kept] = value;
      this.#numbers[kept] = this.#numbers[at] ?? 0;
      kept += 1;
    }
    this.#values.length = kept;
    this.#numbers.length = kept;
    this.#begin = 0;
  }
}

/** Not a number for what is no id: then it is not found. */
const numberOf = (id: string): number => (/^p\d+$/.test(id) ? Number(id.slice(1)) : Number.NaN);
