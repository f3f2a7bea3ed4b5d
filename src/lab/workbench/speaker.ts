/** Lines kept in the log: enough for a reader who looks back, not a history. */
const KEPT = 12;

/**
 * Says each result once to whoever listens to the page. Results are numbered, because a screen reader does not say the
 * same sentence twice, and added one by one, so that none replaces another before it is spoken.
 */
export class Speaker {
  readonly #region: HTMLElement;
  #count = 0;

  constructor(region: HTMLElement) {
    this.#region = region;
  }

  say(sentence: (count: number) => string): void {
    this.#count += 1;
    const line = document.createElement('p');
    line.textContent = sentence(this.#count);
    this.#region.append(line);
    while (this.#region.childElementCount > KEPT) this.#region.firstElementChild?.remove();
  }
}
