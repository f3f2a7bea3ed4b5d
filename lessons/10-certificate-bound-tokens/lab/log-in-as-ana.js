import { send } from './http.js';

/**
 * Does what Ana does in her browser, where a program has no browser at hand: opens the authorization request, fills in
 * the form, and stops at the address that she is sent back to.
 * @param {URL} url
 */
export async function logInAsAna(url) {
  const shown = await send(url);
  const login = /name="login" value="([^"]+)"/.exec(shown.text)?.[1] ?? '';
  const answer = await send(new URL('/login', url), {
    method: 'POST',
    headers: cookies(shown),
    body: new URLSearchParams({ login, name: 'ana', password: 'correct horse' }),
  });
  return new URL(answer.headers.location ?? '', url);
}

/** What a browser sends along after this answer. @param {import('./http.js').Answer} answer */
export function cookies({ headers }) {
  return { cookie: (headers['set-cookie'] ?? []).map((each) => each.split(';')[0]).join('; ') };
}
