/** In the bundle for tests `real:x` is the host's own module, where `node:x` would be the runtime's (src/node/build/index.ts). */
declare module 'real:fs' {
  export * from 'node:fs';
}
declare module 'real:module' {
  export * from 'node:module';
}
declare module 'real:url' {
  export * from 'node:url';
}
