import { findErrors, ui } from '../../../text/index.ts';
import { findPlaces, type Place } from './places.ts';

/** What a console, or a verdict, needs to know of the lab to make links of what is named in a text. */
export interface Mentioning {
  isFile(path: string): boolean;
  goTo(place: Place): void;
}

interface Mention {
  at: number;
  length: number;
  link(words: string): HTMLElement;
}

/** The text as nodes: places in the lab's files lead there, and the codes of errors to what is said of them. */
export function withMentions(text: string, lab: Mentioning): (Node | string)[] {
  const mentions: Mention[] = [
    ...findPlaces(text, lab.isFile).map(({ at, length, ...place }) => ({
      at,
      length,
      link: (words: string) => placeLink(words, place, lab),
    })),
    ...findErrors(text).map(({ at, length, href }) => ({
      at,
      length,
      link: (words: string) => errorLink(words, href),
    })),
  ].sort((one, other) => one.at - other.at);
  const nodes: (Node | string)[] = [];
  let from = 0;
  for (const { at, length, link } of mentions) {
    if (at < from) continue;
    if (at > from) nodes.push(text.slice(from, at));
    nodes.push(link(text.slice(at, at + length)));
    from = at + length;
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

function placeLink(words: string, place: Place, lab: Mentioning): HTMLElement {
  const link = document.createElement('a');
  link.className = 'place';
  link.href = `#file-${place.path.replaceAll(/[^\w]/g, '-')}`;
  link.title = ui.console.openAt(place.path, place.line);
  link.textContent = words;
  link.addEventListener('click', (event) => {
    event.preventDefault();
    lab.goTo(place);
  });
  return link;
}

/** In a tab of its own: what the programs said, and the edits, stay where they are. */
function errorLink(words: string, href: string): HTMLElement {
  const link = document.createElement('a');
  link.className = 'explained';
  link.href = href;
  link.target = '_blank';
  link.rel = 'noopener';
  link.title = ui.console.explained(words);
  link.textContent = words;
  return link;
}
