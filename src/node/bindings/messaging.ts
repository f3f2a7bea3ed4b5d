/** `internalBinding('messaging')`: Node's own DOMException, whose `code`, stack and inspection programs see. */
import type { Any } from '../current.ts';

let dom: Any;
/** Node's file is evaluated on first use: it needs `util`'s private symbols. */
function domException(): Any {
  dom ??= require('../lib/dom-exception.ts').DOMException;
  return dom;
}

export const messaging: Any = {
  get DOMException() {
    return domException();
  },
  structuredClone: globalThis.structuredClone,
  exposeLazyDOMExceptionProperty() {},
  setDeserializerCreateFunction() {},
  MessageChannel: globalThis.MessageChannel,
};
