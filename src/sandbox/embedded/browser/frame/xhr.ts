import type { PaneContent } from '../messages.ts';
import type { HeaderList } from '../network/protocol.ts';
import type { Line } from './port.ts';

/** XMLHttpRequest over the lab's network, asynchronous only. XMLHttpRequest standard §3. */
export function installXhr(line: Line, { address }: PaneContent): void {
  class XMLHttpRequest extends EventTarget {
    static readonly UNSENT = 0;
    static readonly OPENED = 1;
    static readonly HEADERS_RECEIVED = 2;
    static readonly LOADING = 3;
    static readonly DONE = 4;
    readyState = 0;
    status = 0;
    statusText = '';
    responseURL = '';
    responseType: XMLHttpRequestResponseType = '';
    timeout = 0;
    withCredentials = false;
    readonly upload = new EventTarget();
    #method = 'GET';
    #url = '';
    #sent: HeaderList = [];
    #received: HeaderList = [];
    #body = new Uint8Array(0);
    #attempt = 0;

    open(method: string, url: string | URL, isAsync = true): void {
      if (!isAsync) throw new DOMException('This pane has no synchronous requests', 'InvalidAccessError');
      this.#method = /^(get|head|post|put|delete|options)$/i.test(method) ? method.toUpperCase() : method;
      this.#url = new URL(url, address).href;
      this.#sent = [];
      this.#attempt++;
      this.#change(1);
    }

    setRequestHeader(name: string, value: string): void {
      if (this.readyState !== 1) throw new DOMException('The object must be opened', 'InvalidStateError');
      const headers = new Headers([[name, value]]);
      this.#sent.push([[...headers.keys()][0], value.trim()]);
    }

    async send(data?: XMLHttpRequestBodyInit | null): Promise<void> {
      const attempt = this.#attempt;
      const hasBody = data !== undefined && data !== null && !/^(GET|HEAD)$/.test(this.#method);
      const request = new Request(this.#url, { method: 'POST', body: hasBody ? data : undefined });
      const body = hasBody ? new Uint8Array(await request.arrayBuffer()) : undefined;
      const type = request.headers.get('content-type');
      if (type && !this.#sent.some(([name]) => name === 'content-type'))
        this.#sent.push(['content-type', type]);
      const response = await line.ask({
        ...{
          url: this.#url,
          method: this.#method,
          headers: this.#sent,
          body,
          mode: 'cors',
          destination: 'empty',
        },
        ...{ credentials: this.withCredentials ? 'include' : 'same-origin', redirect: 'follow' },
      });
      if (attempt !== this.#attempt) return;
      if ('failed' in response) return this.#end('error');
      this.status = response.status;
      this.statusText = response.statusText;
      this.responseURL = response.url;
      this.#received = response.headers;
      this.#body = response.body;
      this.#change(2);
      this.#change(3);
      this.#end('load');
    }

    abort(): void {
      this.#attempt++;
      if (this.readyState > 1 && this.readyState < 4) this.#end('abort');
      this.readyState = 0;
    }

    overrideMimeType(): void {}

    getResponseHeader(name: string): string | null {
      const values = this.#received.filter(([key]) => key.toLowerCase() === `${name}`.toLowerCase());
      return values.length > 0 ? values.map(([, value]) => value).join(', ') : null;
    }

    getAllResponseHeaders(): string {
      return [...new Headers(this.#received)].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    }

    get responseText(): string {
      return new TextDecoder().decode(this.#body);
    }

    get response(): unknown {
      if (this.responseType === '' || this.responseType === 'text') return this.responseText;
      if (this.readyState !== 4) return null;
      if (this.responseType === 'arraybuffer') return this.#body.buffer;
      if (this.responseType === 'blob') return new Blob([this.#body]);
      try {
        return this.responseType === 'json' ? JSON.parse(this.responseText) : null;
      } catch {
        return null;
      }
    }

    #change(state: number): void {
      this.readyState = state;
      this.#fire('readystatechange');
    }

    #end(how: 'load' | 'error' | 'abort'): void {
      this.#change(4);
      this.#fire(how);
      this.#fire('loadend');
    }

    #fire(name: string): void {
      const event = new ProgressEvent(name);
      const handler = (this as unknown as Record<string, unknown>)[`on${name}`];
      if (typeof handler === 'function') {
        try {
          handler.call(this, event);
        } catch (error) {
          reportError(error);
        }
      }
      this.dispatchEvent(event);
    }
  }
  Object.assign(XMLHttpRequest.prototype, { UNSENT: 0, OPENED: 1, HEADERS_RECEIVED: 2, LOADING: 3, DONE: 4 });
  Object.defineProperty(globalThis, 'XMLHttpRequest', {
    value: XMLHttpRequest,
    writable: true,
    configurable: true,
  });
}
