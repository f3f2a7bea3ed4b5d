/**
 * The handshake of the front page: run in the reader's browser once the page is at rest, and drawn flight by flight, more
 * slowly than it happened. Until then, and where it cannot run, the figure is a drawing.
 */
import type { Flight } from '../../lab/handshake/index.ts';
import { frontWords } from '../../text/index.ts';

const words = frontWords.live;
/** The page has been drawn and read for a moment; nobody waits for this. */
const REST_MILLISECONDS = 1200;
/** One flight after the other, so that the eye can follow. */
const FLIGHT_MILLISECONDS = 450;

const live = document.querySelector<HTMLElement>('[data-live]');
const wantsLittle = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
if (live && wantsLittle) live.remove();
else if (live) {
  addEventListener('load', () => setTimeout(() => run(live), REST_MILLISECONDS));
  live.querySelector('[data-live-again]')?.addEventListener('click', () => run(live));
}

async function run(live: HTMLElement): Promise<void> {
  const { slug = '', step = '' } = live.dataset;
  const list = live.querySelector('[data-live-flights]') as HTMLElement;
  const status = live.querySelector('[data-live-words]') as HTMLElement;
  const again = live.querySelector('[data-live-again]') as HTMLElement;
  again.hidden = true;
  status.textContent = words.starting;
  try {
    const { shakeHands } = await import('../../lab/handshake/index.ts');
    const { flights, milliseconds, sealed } = await shakeHands(slug, step);
    list.replaceChildren();
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    for (const flight of flights) {
      list.append(line(flight));
      if (!isStill) await new Promise((resolve) => setTimeout(resolve, FLIGHT_MILLISECONDS));
    }
    const count = flights.reduce((sum, { messages }) => sum + messages.length, 0);
    status.textContent = words.done(count, Math.round(milliseconds), sealed);
    status.append(' ', link(`/lessons/${slug}/#step-${step}`, words.inside));
  } catch {
    status.textContent = words.failed;
  }
  again.hidden = false;
}

/** One side speaks: its shape, an arrow, and what it says. */
function line({ sender, messages }: Flight): HTMLElement {
  const item = document.createElement('li');
  item.dataset.role = sender;
  const who = document.createElement('span');
  who.className = 'visually-hidden';
  who.textContent = `${words.sides[sender]}: `;
  item.append(who);
  for (const { name, isClear } of messages) {
    const message = document.createElement('span');
    message.className = isClear ? 'said' : 'said sealed';
    message.textContent = name;
    const how = document.createElement('span');
    how.className = 'visually-hidden';
    how.textContent = ` (${isClear ? words.clear : words.sealed}) `;
    message.append(how);
    item.append(message);
  }
  return item;
}

function link(href: string, text: string): HTMLElement {
  const made = document.createElement('a');
  made.href = href;
  made.textContent = text;
  return made;
}
