/** In the bundle for tests `real:x` is the host's own module, where `node:x` would be the runtime's (src/node/build/index.ts). */
declare module 'real:fs' {
  export * from 'node:fs';
}
declare module 'real:module' {
  import { createRequire, registerHooks } from 'node:module';

  export { createRequire, registerHooks };
}
declare module 'real:url' {
  export * from 'node:url';
}
