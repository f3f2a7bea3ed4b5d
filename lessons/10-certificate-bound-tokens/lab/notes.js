// Notes to Ana from those she does business with. Anyone may leave one; only Ana reads them.
import { allNotes, insertNote } from './database.js';
import { form, html, page, text } from './http.js';

/** @type {import('./http.js').AsyncHandler} */
export async function addNote(request, response) {
  const fields = await form(request);
  insertNote(fields.get('author') ?? '', fields.get('note') ?? '');
  text(response, 200, 'Your note is with Ana.');
}

//#region notes
/** @param {import('./http.js').Response} response */
export function notesPage(response) {
  const lines = [];
  for (const { author, body } of allNotes()) {
    lines.push(html`<h2>${author}</h2>`, `<p>${body}</p>`);
  }
  page(response, 200, 'Your notes', lines.join('\n'));
}
//#endregion
