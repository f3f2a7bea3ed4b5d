/**
 * What runs first in every document of the pane: seals it, gives it the lab's network instead of the browser's, and then
 * writes the page. The scripts of the page, an attacker's among them, run after this and in the same realm.
 */
import { installActs } from './acts.ts';
import { installFacade, installReports, installTimers } from './facade.ts';
import { installFetch } from './fetch.ts';
import { blobUrl, createCleaner, installElements, installHandlers } from './markup.ts';
import { type Delivery, openLine } from './port.ts';
import { seal, type Trust } from './seal.ts';
import { installXhr } from './xhr.ts';

const holder = globalThis as unknown as { handfastPane?: Delivery };
const { port, content } = holder.handfastPane as Delivery;
delete holder.handfastPane;

const line = openLine(port);
const say = (text: string) => line.post({ type: 'console', text });
const cleaner = createCleaner(content, say);
const trust: Trust = seal({
  clean: (text) => cleaner.clean(text, trust),
  evaluation: content.later.evaluation,
  say,
});
installFacade(line, content);
const reports = installReports(line);
installTimers(trust);
installFetch(line, content);
installXhr(line, content);
const { bringImage } = installHandlers(line, trust, content);
const elements = installElements(line, trust, content, bringImage, cleaner.isLabAddress);
const acts = installActs(line, trust, content);
line.on('alive', () => line.post({ type: 'alive' }));

let html = content.html;
for (const [index, text] of content.scripts.entries())
  html = html.replace(`${content.marker}:${index}.`, () => blobUrl(text));
// Links are looked up ahead unless the document says no, and it says so anew once it has been opened.
html = html.replace(/<head[^>]*>/, '$&<meta http-equiv="x-dns-prefetch-control" content="off">');

/** Writes the page. Opening the document takes away every listener, so these come after it. */
function write(): void {
  document.open();
  reports.listen();
  acts.listen();
  elements.watch();
  // Right after all listeners of `load`, before anything else can happen (HTML §13.2.7). Firefox (153) has no `pageshow`
  // for a document that was opened, but calls a listener last that is added while those of the capturing phase are called.
  addEventListener('pageshow', tell, true);
  addEventListener('load', () => addEventListener('load', tell), { capture: true, once: true });
  document.write(trust.html(html));
  document.close();
}

function tell(): void {
  // The `pageshow` of the empty pane may still have been on its way.
  if (document.readyState !== 'complete') return;
  removeEventListener('pageshow', tell, true);
  removeEventListener('load', tell);
  // biome-ignore lint/performance/useDomNodeTextContent: what a person reads is what is rendered
  line.post({ type: 'loaded', title: document.title, text: document.body?.innerText ?? '' });
}

// In a turn after a script of its own. In Firefox (153) a document that is opened right after a script as long as this one
// has come, or while any script runs, does not wait for its own scripts, or never gets its `load` event.
Object.defineProperty(globalThis, 'handfastWrite', {
  configurable: true,
  value() {
    Reflect.deleteProperty(globalThis, 'handfastWrite');
    setTimeout(write);
  },
});
const script = document.createElement('script');
script.src = trust.url(blobUrl('handfastWrite()'));
document.head.append(script);
