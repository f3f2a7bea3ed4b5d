/**
 * Evaluates Node's own DOMException. Its file sits in `per_context`, where C++ gives it `privateSymbols`,
 * `perIsolateSymbols` and `exports` as free variables.
 */

export const DOMException = require('internal/per_context/domexception').DOMException;
