// The app's database: help pages, notes and sessions. In memory: gone with the process.
import { DatabaseSync } from 'node:sqlite';
import { random } from './http.js';

const database = new DatabaseSync(':memory:');
database.exec(`
  CREATE TABLE help (title TEXT, body TEXT);
  INSERT INTO help VALUES
    ('Closing the month', 'Enter the last invoice, then press Close. Nothing can be changed afterwards.'),
    ('Value added tax', 'Tally works it out from the account of each entry.'),
    ('Inviting your accountant', 'Accountants read, they never write.');
  CREATE TABLE notes (author TEXT, body TEXT);
  CREATE TABLE sessions (id TEXT PRIMARY KEY, access_token TEXT);
`);

//#region search
/**
 * Help pages with these words in the title.
 * @param {string} words
 */
export function searchHelp(words) {
  const sql = `SELECT title, body FROM help WHERE title LIKE '%${words}%'`;
  return database.prepare(sql).all();
}
//#endregion

/** @param {string} author @param {string} body */
export function insertNote(author, body) {
  database.prepare('INSERT INTO notes VALUES (?, ?)').run(author, body);
}

export function allNotes() {
  return database.prepare('SELECT author, body FROM notes').all();
}

/** Opens a session and gives its id, which the browser keeps as a cookie. @param {string} accessToken */
export function openSession(accessToken) {
  const id = random();
  database.prepare('INSERT INTO sessions VALUES (?, ?)').run(id, accessToken);
  return id;
}

/** The access token of a session. @param {string | undefined} id */
export function tokenOf(id) {
  const session = database.prepare('SELECT access_token FROM sessions WHERE id = ?').get(id ?? '');
  return session && String(session.access_token);
}

/** @param {string | undefined} id */
export function closeSession(id) {
  database.prepare('DELETE FROM sessions WHERE id = ?').run(id ?? '');
}
