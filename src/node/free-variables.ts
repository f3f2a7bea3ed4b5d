/** The free variables that Node gives each of its library's files. esbuild injects them wherever one is used. */
import './other-browsers.ts';
import primordials from 'internal/per_context/primordials';
import { internalBinding } from './bindings/index.ts';
import { keepNames } from './keep-names.ts';
import { process } from './process-object.ts';

export { internalBinding, keepNames, primordials, process };
