/**
 * The frames of Node's own module loader as version 24.21.0 prints them. Ours does the same work in other functions, so
 * where a stack passes through it, these are shown in place of its frames: a reader meets the same text as on real Node,
 * and `util.inspect`, which prints an error without frames in brackets, does the same as there.
 */

const cjs = 'node:internal/modules/cjs/loader';
const esm = 'node:internal/modules/esm/loader';
const job = 'node:internal/modules/esm/module_job';
const resolve = 'node:internal/modules/esm/resolve';
const translators = 'node:internal/modules/esm/translators';
const packages = 'node:internal/modules/package_json_reader';
const main = 'node:internal/modules/run_main';

/** How a file came to run. */
export type StartedBy = 'main' | 'require' | 'import';

const moduleRun = [`ModuleJob.run (${job}:561:25)`, `async ${esm}:647:26`];
const asyncMain = `async asyncRunEntryPointWithESMLoader (${main}:101:5)`;
const loadFile = [
  `Object..js (${cjs}:2060:10)`,
  `Module.load (${cjs}:1651:32)`,
  `Module._load (${cjs}:1443:12)`,
  `wrapModuleLoad (${cjs}:261:19)`,
];
const callers: Record<StartedBy, readonly string[]> = {
  main: [
    `Module.executeUserEntryPoint [as runMain] (${main}:154:5)`,
    'node:internal/main/run_main_module:33:47',
  ],
  require: [`Module.require (${cjs}:1674:12)`, 'require (node:internal/modules/helpers:157:16)'],
  import: [
    `loadCJSModuleWithModuleLoad (${translators}:372:15)`,
    `ModuleWrap.<anonymous> (${translators}:244:9)`,
    ...moduleRun,
  ],
};

/** Below the top level of a CommonJS file. */
export function belowCommonJs(startedBy: StartedBy): string[] {
  return [`Module._compile (${cjs}:1929:14)`, ...loadFile, ...callers[startedBy]];
}

/** Below the top level of an ES module. */
export function belowModule(startedBy: StartedBy): string[] {
  if (startedBy === 'require') {
    return [`ModuleJobSync.runSync (${job}:665:37)`, ...requiredModule, ...loadFile, ...callers.require];
  }
  return startedBy === 'main' ? [...moduleRun, asyncMain] : moduleRun;
}

const requiredModule = [
  `ModuleLoader.importSyncForRequire (${esm}:347:47)`,
  `loadESMFromCJS (${cjs}:1747:24)`,
  `Module._compile (${cjs}:1911:5)`,
];

const resolveSteps = [
  `defaultResolve (${resolve}:1006:11)`,
  `#cachedDefaultResolve (${esm}:705:20)`,
  `#resolveAndMaybeBlockOnLoaderThread (${esm}:725:38)`,
  `ModuleLoader.resolveSync (${esm}:763:56)`,
  `#resolve (${esm}:687:17)`,
  `ModuleLoader.getOrCreateModuleJob (${esm}:607:35)`,
];
const afterResolve = [
  `#getOrCreateModuleJobAfterResolve (${esm}:564:36)`,
  `afterResolve (${esm}:611:52)`,
  `ModuleLoader.getOrCreateModuleJob (${esm}:617:12)`,
];
const loadSteps = [
  `#loadAndMaybeBlockOnLoaderThread (${esm}:806:12)`,
  `#loadSync (${esm}:838:53)`,
  `ModuleLoader.load (${esm}:787:26)`,
  `ModuleLoader.loadAndTranslate (${esm}:498:31)`,
  ...afterResolve,
];
const translateSteps = [
  `#translate (${esm}:438:20)`,
  `afterLoad (${esm}:506:29)`,
  `ModuleLoader.loadAndTranslate (${esm}:511:12)`,
  ...afterResolve,
];
const importer = {
  static: [
    `ModuleJob.syncLink (${job}:276:33)`,
    `ModuleJob.link (${job}:381:17)`,
    `new ModuleJob (${job}:360:26)`,
  ],
  dynamic: [`${esm}:636:32`, 'TracingChannel.tracePromise (node:diagnostics_channel:362:14)'],
};

/** Where an error of the loader's own comes from: its innermost frames, and the excerpt Node prints if nobody catches it. */
interface Origin {
  readonly frames: readonly string[];
  readonly excerpt: string;
}

const moduleResolve = `moduleResolve (${resolve}:879:10)`;
const packageFrames = [`packageResolve (${resolve}:792:12)`, `moduleResolve (${resolve}:873:18)`];

const resolving: Record<string, Origin> = {
  ERR_MODULE_NOT_FOUND: {
    frames: [`finalizeResolution (${resolve}:272:11)`, moduleResolve],
    excerpt: `${resolve}:272\n    throw new ERR_MODULE_NOT_FOUND(\n          ^\n`,
  },
  package: {
    frames: [
      `Object.getPackageJSONURL (${packages}:331:9)`,
      `packageResolve (${resolve}:784:25)`,
      `moduleResolve (${resolve}:873:18)`,
    ],
    excerpt: `${packages}:331\n  throw new ERR_MODULE_NOT_FOUND(packageName, fileURLToPath(base), null);\n        ^\n`,
  },
  ERR_UNSUPPORTED_DIR_IMPORT: {
    frames: [`finalizeResolution (${resolve}:260:11)`, moduleResolve],
    excerpt: `${resolve}:260\n    throw new ERR_UNSUPPORTED_DIR_IMPORT(path, basePath, String(resolved));\n          ^\n`,
  },
  ERR_PACKAGE_PATH_NOT_EXPORTED: {
    frames: [
      `exportsNotFound (${resolve}:315:10)`,
      `packageExportsResolve (${resolve}:663:9)`,
      ...packageFrames,
    ],
    excerpt: `${resolve}:315\n  return new ERR_PACKAGE_PATH_NOT_EXPORTED(\n         ^\n`,
  },
  ERR_INVALID_PACKAGE_TARGET: {
    frames: [
      `invalidPackageTarget (${resolve}:353:10)`,
      `resolvePackageTargetString (${resolve}:406:11)`,
      `resolvePackageTarget (${resolve}:485:12)`,
      `packageExportsResolve (${resolve}:600:27)`,
      ...packageFrames,
    ],
    excerpt: `${resolve}:353\n  return new ERR_INVALID_PACKAGE_TARGET(\n         ^\n`,
  },
  ERR_PACKAGE_IMPORT_NOT_DEFINED: {
    frames: [
      `importNotDefined (${resolve}:302:10)`,
      `packageImportsResolve (${resolve}:752:9)`,
      `moduleResolve (${resolve}:862:16)`,
    ],
    excerpt: `${resolve}:302\n  return new ERR_PACKAGE_IMPORT_NOT_DEFINED(\n         ^\n`,
  },
  ERR_INVALID_MODULE_SPECIFIER: {
    frames: [`finalizeResolution (${resolve}:234:11)`, moduleResolve],
    excerpt: `${resolve}:234\n    throw new ERR_INVALID_MODULE_SPECIFIER(\n          ^\n`,
  },
};

const getFormat = 'node:internal/modules/esm/get_format';
const load = 'node:internal/modules/esm/load';
const assert = 'node:internal/modules/esm/assert';
const loading: Record<string, Origin> = {
  ERR_UNKNOWN_FILE_EXTENSION: {
    frames: [
      `Object.getFileProtocolModuleFormat [as file:] (${getFormat}:243:9)`,
      `defaultGetFormat (${getFormat}:283:36)`,
      `defaultLoadSync (${load}:161:16)`,
      ...loadSteps,
    ],
    excerpt: `${getFormat}:243\n  throw new ERR_UNKNOWN_FILE_EXTENSION(ext, filepath);\n        ^\n`,
  },
  ERR_UNSUPPORTED_ESM_URL_SCHEME: {
    frames: [`throwIfUnsupportedURLScheme (${load}:193:11)`, `defaultLoadSync (${load}:146:3)`, ...loadSteps],
    excerpt: `${load}:193\n    throw new ERR_UNSUPPORTED_ESM_URL_SCHEME(parsed, schemes);\n          ^\n`,
  },
  ERR_IMPORT_ATTRIBUTE_MISSING: {
    frames: [`validateAttributes (${assert}:110:15)`, `defaultLoadSync (${load}:163:3)`, ...loadSteps],
    excerpt: `${assert}:110\n        throw new ERR_IMPORT_ATTRIBUTE_MISSING(url, 'type', validType);\n              ^\n`,
  },
  ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE: {
    frames: [
      `handleInvalidType (${assert}:131:9)`,
      `validateAttributes (${assert}:99:14)`,
      `defaultLoadSync (${load}:163:3)`,
      ...loadSteps,
    ],
    excerpt: `${assert}:131\n  throw new ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE(url, type);\n        ^\n`,
  },
  ERR_UNKNOWN_BUILTIN_MODULE: {
    frames: [`ModuleLoader.builtinStrategy (${translators}:477:11)`, ...translateSteps],
    excerpt: `${translators}:477\n    throw new ERR_UNKNOWN_BUILTIN_MODULE(url);\n          ^\n`,
  },
  syntax: {
    frames: [
      'compileSourceTextModule (node:internal/modules/esm/utils:319:16)',
      `ModuleLoader.moduleStrategy (${translators}:89:18)`,
      ...translateSteps,
    ],
    excerpt: '',
  },
  json: {
    frames: ['parse (<anonymous>)', `ModuleLoader.jsonStrategy (${translators}:521:21)`, ...translateSteps],
    excerpt: `undefined:1\n`,
  },
};

/** An error met while an `import` was resolved. */
export function resolvingOrigin(
  code: string,
  isPackage: boolean,
  how: 'static' | 'dynamic',
): Origin | undefined {
  const origin = resolving[isPackage ? 'package' : code];
  return origin && { ...origin, frames: [...origin.frames, ...resolveSteps, ...importer[how]] };
}

/** An error met while an imported module was read. */
export function loadingOrigin(code: string, how: 'static' | 'dynamic'): Origin | undefined {
  const origin = loading[code];
  return origin && { ...origin, frames: [...origin.frames, ...importer[how]] };
}

/** An import that the requested module does not have. */
export function linkingFrames(startedBy: StartedBy): string[] {
  if (startedBy === 'require') {
    return [`ModuleJobSync.runSync (${job}:658:17)`, ...requiredModule, ...loadFile, ...callers.require];
  }
  const frames = [
    `#asyncInstantiate (${job}:455:21)`,
    `async ModuleJob.run (${job}:553:5)`,
    `async ${esm}:647:26`,
  ];
  return startedBy === 'main' ? [...frames, asyncMain] : frames;
}

const requireResolve = [
  `resolveForCJSWithHooks (${cjs}:1169:12)`,
  `Module._load (${cjs}:1341:5)`,
  `wrapModuleLoad (${cjs}:261:19)`,
];

/** `require()` of what is not there. */
export function requireOrigin(code: string, startedBy: 'main' | 'require'): Origin {
  if (code === 'ERR_UNKNOWN_BUILTIN_MODULE') {
    return {
      frames: [`defaultResolveImplForCJSLoading (${cjs}:1138:13)`, ...requireResolve, ...callers[startedBy]],
      excerpt: `${cjs}:1138\n      throw new ERR_UNKNOWN_BUILTIN_MODULE(specifier);\n      ^\n`,
    };
  }
  const steps = [`wrapResolveFilename (${cjs}:1118:27)`, `defaultResolveImplForCJSLoading (${cjs}:1142:10)`];
  if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
    return {
      frames: [
        `exportsNotFound (${resolve}:315:10)`,
        `packageExportsResolve (${resolve}:663:9)`,
        `resolveExports (${cjs}:754:36)`,
        `Module._findPath (${cjs}:821:31)`,
        `Module._resolveFilename (${cjs}:1557:27)`,
        ...steps,
        ...requireResolve,
        ...callers[startedBy],
      ],
      excerpt: `${cjs}:761\n      throw e;\n      ^\n`,
    };
  }
  return {
    frames: [`Module._resolveFilename (${cjs}:1564:15)`, ...steps, ...requireResolve, ...callers[startedBy]],
    excerpt: `${cjs}:1568\n  throw err;\n  ^\n`,
  };
}

/** A CommonJS file that does not parse. */
export function commonJsSyntaxFrames(startedBy: StartedBy): string[] {
  return [
    `wrapSafe (${cjs}:1861:18)`,
    `Module._compile (${cjs}:1903:20)`,
    ...loadFile,
    ...callers[startedBy],
  ];
}

/** `require()` of an ES module that does not parse. */
export function requiredSyntaxFrames(): string[] {
  return [
    'compileSourceTextModule (node:internal/modules/esm/utils:319:16)',
    `ModuleLoader.importSyncForRequire (${esm}:340:18)`,
    ...requiredModule.slice(1),
    ...loadFile,
    ...callers.require,
  ];
}

/** `require()` of JSON that does not parse. */
export function commonJsJsonFrames(): string[] {
  return ['parse (<anonymous>)', `Object..json (${cjs}:2072:39)`, ...loadFile.slice(1), ...callers.require];
}

/** `require()` of an ES module whose graph waits. */
export function asyncRequireFrames(): string[] {
  return [
    `ModuleJobSync.throwIfAsyncGraph (${job}:313:11)`,
    `ModuleJobSync.runSync (${job}:662:10)`,
    ...requiredModule,
    ...loadFile,
    ...callers.require,
  ];
}

/** The excerpt for an error that ended the main ES module and whose stack was changed after its making. */
export const mainExcerpt = `${main}:107\n    triggerUncaughtException(\n    ^\n`;

const timers = 'node:internal/timers';
/** Below a callback that a timer or an immediate calls. */
export const timerFrames: Record<string, readonly string[]> = {
  Timeout: [`listOnTimeout (${timers}:685:17)`, `process.processTimers (${timers}:618:7)`],
  Immediate: [`process.processImmediate (${timers}:574:21)`],
};

/** A promise rejected with something that is no error. */
export const rejectionFrames = [
  'throwUnhandledRejectionsMode (node:internal/process/promises:392:7)',
  'processPromiseRejections (node:internal/process/promises:475:17)',
  'process.processTicksAndRejections (node:internal/process/task_queues:106:37)',
];
