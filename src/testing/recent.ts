/** A list of what came last: a host that answers a million requests does not keep them all. */
export class Recent<T> {
  /** The items that are kept, oldest first. */
  readonly list: T[] = [];
  private forgotten = 0;

  /** @param keeps How many are kept at least; at most twice as many, so that adding costs the same however many came. */
  constructor(private readonly keeps: number) {}

  /** How many have come. */
  get total(): number {
    return this.forgotten + this.list.length;
  }

  add(entry: T): void {
    this.list.push(entry);
    if (this.list.length < 2 * this.keeps) return;
    this.list.splice(0, this.keeps);
    this.forgotten += this.keeps;
  }

  /** The items after the first `total`, as far as they are kept. */
  since(total: number): T[] {
    return this.list.slice(Math.max(0, total - this.forgotten));
  }
}
