// Why not Node's: it asks C++ for the command line. These are the values of Node 24 without options.
const values = {
  __proto__: null,
  '--async-context-frame': true,
  '--deprecation': true,
  '--diagnostic-dir': '',
  '--disable-warning': [],
  '--dns-result-order': '',
  '--enable-source-maps': false,
  // Such a program's text is a file here. It is asked for to tell whether the first word of `argv` is a file's name.
  get '--eval'() {
    const [option, text] = process.execArgv;
    return /^(-e|--eval|-p|--print|-pe)$/.test(option) ? text : '';
  },
  '--experimental-global-navigator': true,
  '--experimental-require-module': true,
  '--force-context-aware': false,
  '--icu-data-dir': '',
  '--insecure-http-parser': false,
  '--max-http-header-size': 16384,
  '--network-family-autoselection': true,
  '--network-family-autoselection-attempt-timeout': 250,
  '--no-deprecation': false,
  '--pending-deprecation': false,
  '--permission': false,
  '--redirect-warnings': '',
  '--require-module': true,
  '--stack-trace-limit': 10,
  '--strip-types': true,
  '--tls-cipher-list': internalBinding('constants').crypto.defaultCipherList,
  '--tls-keylog': '',
  '--tls-max-v1.2': false,
  '--tls-max-v1.3': false,
  '--tls-min-v1.0': false,
  '--tls-min-v1.1': false,
  '--tls-min-v1.2': false,
  '--tls-min-v1.3': false,
  '--trace-deprecation': false,
  '--trace-sigint': false,
  '--trace-warnings': false,
  '--unhandled-rejections': '',
  '--use-bundled-ca': false,
  '--use-openssl-ca': false,
  '--use-system-ca': false,
  '--verify-base-objects': false,
  '--warnings': true,
};
let warned = false;
module.exports = {
  getOptionValue: (name) => values[name],
  getEmbedderOptions: () => ({
    hasEmbedderPreload: false,
    noBrowserGlobals: false,
    noGlobalSearchPaths: false,
  }),
  getAllowUnauthorized() {
    const allow = process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0';
    if (allow && !warned) {
      warned = true;
      process.emitWarning(
        'Setting the NODE_TLS_REJECT_UNAUTHORIZED ' +
          "environment variable to '0' makes TLS connections " +
          'and HTTPS requests insecure by disabling ' +
          'certificate verification.',
      );
    }
    return allow;
  },
  refreshOptions() {},
};
