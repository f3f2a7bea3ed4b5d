import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/**
 * A reader with a keyboard and nothing else. After every key it is asserted that the focus is somewhere, that one sees
 * where, and that it is in sight; after every Tab, that it has moved: nothing holds it.
 */
export class KeyboardReader {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(key: string): Promise<void> {
    const before = await this.#where();
    await this.#page.keyboard.press(key);
    // What the key does to the page is drawn with the next frames; a page that is being left has none.
    const after = await this.#settledWhere().catch(() => undefined);
    if (!after) return;
    assert.notEqual(after.name, 'BODY', `after ${key} on ${before.name} the focus is nowhere`);
    assert.ok(after.isShown, `after ${key}, nothing shows that the focus is on ${after.name}`);
    assert.ok(after.isInSight, `after ${key}, ${after.name} has the focus and is out of sight`);
    if (key.endsWith('Tab')) assert.notEqual(after.mark, before.mark, `${key} does not leave ${before.name}`);
  }

  /** Goes on with Tab, or back with Shift+Tab, until what has the focus matches. */
  async goTo(selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const MOST_PRESSES = 150;
    const passed: string[] = [];
    for (let presses = 0; presses < MOST_PRESSES; presses++) {
      if (await this.isOn(selector)) return;
      await this.press(key);
      passed.push((await this.#where()).name);
    }
    assert.fail(`${selector} is not reached by ${key}. On the way:\n${passed.join('\n')}`);
  }

  isOn(selector: string): Promise<boolean> {
    return this.#page.evaluate((selector) => document.activeElement?.matches(selector) === true, selector);
  }

  async #settledWhere() {
    await this.#page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))),
    );
    // A page may scroll to the focus smoothly: wait for it, as an eye would.
    await this.#page.waitForFunction(() => {
      const seen = globalThis as unknown as { lastTop?: number };
      const top = document.activeElement?.getBoundingClientRect().top ?? 0;
      const isStill = seen.lastTop === top;
      seen.lastTop = top;
      return isStill;
    });
    return this.#where();
  }

  #where() {
    return this.#page.evaluate(() => {
      const active = document.activeElement as HTMLElement;
      const marks = globalThis as unknown as { marks?: WeakMap<Element, number>; count?: number };
      marks.marks ??= new WeakMap();
      if (!marks.marks.has(active)) {
        marks.count = (marks.count ?? 0) + 1;
        marks.marks.set(active, marks.count);
      }
      const box = active.getBoundingClientRect();
      // A radio that is drawn as its label is shown by its label; an editor by its frame.
      const drawn = [active, active.parentElement, active.closest('.cm-editor, .answer')];
      const hasOutline = drawn.some((each) => each && getComputedStyle(each).outlineStyle !== 'none');
      // The text that the skip link leads to, and a scene in a frame, are no controls: the place itself is what one sees.
      const isPlace = active.matches('main, iframe') || active.closest('.cm-editor') !== null;
      return {
        name: `${active.tagName}${active.id && `#${active.id}`} ${active.outerHTML.slice(0, 100)}`.replace(
          /^BODY.*/s,
          'BODY',
        ),
        mark: marks.marks.get(active),
        isShown: hasOutline || isPlace,
        isInSight:
          box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0,
      };
    });
  }
}
