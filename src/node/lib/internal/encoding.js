// Why not Node's: it decodes with ICU, which the browser has. Only Node's errors are added.
const {
  codes: { ERR_ENCODING_INVALID_ENCODED_DATA, ERR_ENCODING_NOT_SUPPORTED },
} = require('internal/errors');
const Browser = globalThis.TextDecoder;

class TextDecoder extends Browser {
  constructor(encoding = 'utf-8', options = undefined) {
    try {
      super(encoding, options ?? {});
    } catch (error) {
      if (error instanceof RangeError) throw new ERR_ENCODING_NOT_SUPPORTED(encoding);
      throw error;
    }
  }
  decode(input, options) {
    try {
      return super.decode(input, options);
    } catch (error) {
      if (
        this.fatal &&
        error instanceof TypeError &&
        (input === undefined || ArrayBuffer.isView(input) || input instanceof ArrayBuffer)
      )
        throw new ERR_ENCODING_INVALID_ENCODED_DATA(this.encoding, undefined);
      throw error;
    }
  }
}

module.exports = {
  TextDecoder,
  TextEncoder: globalThis.TextEncoder,
  getEncodingFromLabel: (label) => new Browser(label).encoding,
};
