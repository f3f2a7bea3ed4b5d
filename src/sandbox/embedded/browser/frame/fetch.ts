import type { FrameResponse, PaneContent } from '../messages.ts';
import type { Line } from './port.ts';

const EMPTY_STATUS = new Set([101, 103, 204, 205, 304]);

/** `fetch` and `sendBeacon` over the lab's network. Fetch standard §5.6; the rules of origins are kept on the other side. */
export function installFetch(line: Line, { address }: PaneContent): void {
  const resolve = (input: string) => new URL(input, address).href;
  const NativeRequest = globalThis.Request;

  /** A Request whose relative URL is the page's, not that of the pane. */
  class PageRequest extends NativeRequest {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(input instanceof NativeRequest ? input : resolve(`${input}`), init);
    }
  }
  Object.defineProperty(PageRequest, 'name', { value: 'Request' });
  globalThis.Request = PageRequest;

  globalThis.fetch = async function fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new PageRequest(input, init);
    const { signal } = request;
    signal.throwIfAborted();
    const hasBody = !/^(GET|HEAD)$/.test(request.method);
    const body = hasBody ? new Uint8Array(await request.arrayBuffer()) : undefined;
    const mode = request.mode === 'navigate' ? 'same-origin' : request.mode;
    const asked = line.ask({
      ...{
        url: request.url,
        method: request.method,
        headers: [...request.headers],
        mode,
        destination: 'empty',
      },
      ...{ credentials: request.credentials, redirect: request.redirect },
      body: body?.length ? body : undefined,
    });
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    return asResponse(await Promise.race([asked, aborted]));
  };

  navigator.sendBeacon = (url, data) => {
    const request = new Request(resolve(`${url}`), { method: 'POST', body: data ?? '' });
    request.arrayBuffer().then((body) =>
      line.ask({
        ...{
          url: request.url,
          method: 'POST',
          headers: [...request.headers],
          mode: 'no-cors',
          redirect: 'follow',
        },
        ...{ credentials: 'include', destination: 'beacon', body: new Uint8Array(body) },
      }),
    );
    return true;
  };
}

function asResponse(got: FrameResponse): Response {
  if ('failed' in got) throw new TypeError('Failed to fetch');
  const { type, url, status, statusText, headers, body, redirected } = got;
  const isFiltered = status === 0;
  const response = new Response(isFiltered || EMPTY_STATUS.has(status) ? null : body, {
    status: isFiltered ? 200 : status,
    statusText: /^[\t\x20-\x7e]*$/.test(statusText) ? statusText : '',
    headers,
  });
  const shown = {
    type,
    url: url.replace(/#.*$/s, ''),
    redirected,
    ...(isFiltered && { status: 0, ok: false }),
  };
  for (const [name, value] of Object.entries(shown)) Object.defineProperty(response, name, { value });
  return response;
}
