/** Bindings of a few lines each: constants, and names the library reads at load time and never calls here. */
import type { Any } from '../current.ts';
import { hold } from '../loop.ts';

const nothing = () => {};

export const config: Any = {
  hasIntl: false,
  hasSmallICU: false,
  hasInspector: false,
  hasOpenSSL: true,
  hasCrypto: true,
  openSSLIsBoringSSL: false,
  isDebugBuild: false,
  noBrowserGlobals: false,
  hasTracing: false,
  hasNodeOptions: true,
  fipsMode: false,
  bits: 64,
  hasDtrace: false,
  getDefaultLocale: () => 'en-US',
};

export const traceEvents: Any = {
  trace: nothing,
  isTraceCategoryEnabled: () => false,
  setTraceCategoryStateUpdateHandler: nothing,
  available: false,
  getCategoryEnabledBuffer: () => new Uint8Array(1),
  getEnabledCategories: () => undefined,
  setLog: nothing,
};

/** Channels with native publishers: there are none, so only the counters JavaScript shares with C++ exist. */
export const diagnosticsChannel: Any = {
  subscribers: new Uint32Array(1024),
  linkNativeChannel: nothing,
  getOrCreateChannelIndex: (() => {
    const indexes = new Map<string, number>();
    return (name: string) => indexes.get(name) ?? indexes.set(name, indexes.size).size - 1;
  })(),
  notifyChannelActive: nothing,
  notifyChannelInactive: nothing,
};

const BrowserURL = globalThis.URL;
export const encodingBinding: Any = {
  toASCII(name: string) {
    try {
      return new BrowserURL(`ws://${name}`).hostname;
    } catch {
      return '';
    }
  },
  toUnicode: (name: string) => name,
};

export const builtins: Any = {
  natives: {},
  builtinIds: [],
  hasCachedBuiltins: () => true,
  config: '{"target_defaults":{},"variables":{}}',
};

export const permission: Any = { has: () => true };
export const mksnapshot: Any = {
  setSerializeCallback: nothing,
  setDeserializeCallback: nothing,
  isBuildingSnapshotBuffer: [0],
};
export const worker: Any = {
  isMainThread: true,
  isInternalThread: false,
  ownsProcessState: true,
  threadId: 0,
  resourceLimits: new Float64Array(4),
};
export const reportBinding: Any = { shouldReportOnUncaughtException: () => false };
export const inspector: Any = { console: {} };
export const urlPattern: Any = { URLPattern: (globalThis as Any).URLPattern ?? class URLPattern {} };
export const blob: Any = {
  hold,
  /** The browser's, before the program's globals take their place. */
  natives: {
    CompressionStream: globalThis.CompressionStream,
    DecompressionStream: globalThis.DecompressionStream,
  },
  createBlob: nothing,
  getDataObject: nothing,
  storeDataObject: nothing,
  revokeObjectURL: nothing,
  concat: nothing,
};
