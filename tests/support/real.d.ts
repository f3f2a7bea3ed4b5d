/** In the bundle for tests `real:x` is the host's own module, where `node:x` would be the runtime's (src/node/build/index.ts). */
declare module 'real:fs' {
  export * from 'node:fs';
}
declare module 'real:module' {
  import { createRequire, registerHooks, syncBuiltinESMExports } from 'node:module';

  export { createRequire, registerHooks, syncBuiltinESMExports };
}
declare module 'real:url' {
  export * from 'node:url';
}
declare module 'real:net' {
  export * from 'node:net';
  export { default } from 'node:net';
}
declare module 'real:dns' {
  export * from 'node:dns';
  export { default } from 'node:dns';
}
