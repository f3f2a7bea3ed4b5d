/** Where the script of a compiled package lies, outside every lab's folder: `NAME.js`. */
export const COMPILED_PACKAGES = '/usr/local/lib/handfast/';
