/** What a browser keeps and what a page came from: cookies, storage, source. */
import type { BrowserCookie, BrowserPage } from '../../../sandbox/index.ts';
import { ui } from '../../../text/index.ts';
import { element } from '../elements.ts';

const words = ui.browser;

/** The jar, each attribute in words and with its section. */
export function cookiesOf({ cookies }: BrowserPage): Node {
  if (cookies.length === 0) return element('p', '', words.noCookies);
  const shown = document.createDocumentFragment();
  const rows = cookies.map((cookie) => [cookie.name, cookie.value, sentTo(cookie), attributesOf(cookie)]);
  shown.append(table(words.cookieHeads, rows), element('p', 'facts-note', words.cookieNote));
  return shown;
}

export function storageOf({ storage }: BrowserPage): Node {
  const rows = Object.entries(storage);
  return rows.length === 0 ? element('p', '', words.noStorage) : table(words.storageHeads, rows);
}

export function sourceOf({ source }: BrowserPage): Node {
  return source ? element('pre', '', source) : element('p', '', words.nothingSent);
}

const sentTo = ({ domain, hostOnly, path }: BrowserCookie): string =>
  (hostOnly ? words.cookieHost(domain) : words.cookieDomain(domain)) + words.cookiePath(path);

function attributesOf(cookie: BrowserCookie): Node {
  const says = words.cookieSays;
  const list = element('ul', '', '');
  const date = cookie.expires && words.certificate.time(cookie.expires);
  for (const [name, means, section] of [
    cookie.secure ? says.secure : says.insecure,
    cookie.httpOnly ? says.httpOnly : says.script,
    says[cookie.sameSite],
    date ? words.cookieExpires(date) : says.session,
  ]) {
    const item = element('li', '', '');
    const link = element('a', '', words.cookieSection(section).text) as HTMLAnchorElement;
    link.href = words.cookieSection(section).href;
    link.rel = 'noreferrer';
    link.target = '_blank';
    item.append(element('b', '', name), `: ${means} `, link);
    list.append(item);
  }
  return list;
}

/**
 * A table whose cells stand below one another on a phone, each after its column's head. A table that is laid out as
 * blocks is none any more for assistive technology unless its roles are said.
 */
function table(heads: readonly string[], rows: readonly (readonly (string | Node)[])[]): Node {
  const made = element('table', 'facts-table', '');
  made.setAttribute('role', 'table');
  const line = (cells: readonly HTMLElement[], role: string) => {
    const row = element('tr', '', '');
    row.setAttribute('role', 'row');
    for (const cell of cells) cell.setAttribute('role', role);
    row.append(...cells);
    return row;
  };
  const head = document.createElement('thead');
  const body = document.createElement('tbody');
  for (const part of [head, body]) part.setAttribute('role', 'rowgroup');
  head.append(
    line(
      heads.map((text) => element('th', '', text)),
      'columnheader',
    ),
  );
  for (const cells of rows)
    body.append(
      line(
        cells.map((content, column) => {
          const cell = element('td', '', '');
          cell.dataset.head = heads[column];
          cell.append(content);
          return cell;
        }),
        'cell',
      ),
    );
  made.append(head, body);
  return made;
}
