// @ts-expect-error no types
import { HTTPParser as Base } from 'http-parser-js';
import type { Any } from '../current.ts';

void Base.kOnExecute;
class ConnectionsList {
  parsers = new Set<Any>();
  all() {
    return [...this.parsers];
  }
  idle() {
    return this.all().filter((parser) => !parser.busy);
  }
  active() {
    return this.all().filter((parser) => parser.busy);
  }
  expired() {
    return [];
  }
}
class HTTPParser extends Base {
  constructor() {
    super('REQUEST');
  }
  initialize(type: Any, resource: Any, maxHeaderSize: number, _lenient: Any, connections: Any) {
    if (typeof type === 'string') return super.initialize(type, resource);
    super.initialize(type === 1 ? 'REQUEST' : 'RESPONSE', resource);
    (this as Any).maxHeaderSize = maxHeaderSize || 16384;
    (this as Any).connections = connections;
    connections?.parsers.add(this);
    return undefined;
  }
  execute(buffer: Any) {
    (this as Any).current = buffer;
    (this as Any).busy = true;
    const result = super.execute(buffer);
    if (result instanceof Error) {
      (result as Any).code ??= 'HPE_INVALID_CONSTANT';
      (result as Any).reason ??= result.message;
      (result as Any).bytesParsed ??= 0;
    }
    return result;
  }
  getCurrentBuffer() {
    return (this as Any).current;
  }
  remove() {
    (this as Any).connections?.parsers.delete(this);
  }
  free() {
    this.remove();
  }
  close() {
    this.remove();
  }
  consume() {}
  unconsume() {}
  pause() {}
  resume() {}
  duration() {
    return 0;
  }
  headersCompleted() {
    return true;
  }
}
['kOnMessageBegin', 'kOnHeaders', 'kOnHeadersComplete', 'kOnBody', 'kOnMessageComplete'].forEach(
  (name, index) => {
    (HTTPParser as Any)[name] = index;
  },
);
Object.assign(HTTPParser, {
  REQUEST: 1,
  RESPONSE: 2,
  kOnTimeout: 6,
  kLenientNone: 0,
  kLenientHeaders: 1,
  kLenientChunkedLength: 2,
  kLenientKeepAlive: 4,
  kLenientAll: 255,
});
Object.defineProperty(HTTPParser, 'kOnExecute', { value: 5 });
export const httpParser: Any = {
  HTTPParser,
  ConnectionsList,
  methods: Base.methods,
  allMethods: Base.methods,
};
