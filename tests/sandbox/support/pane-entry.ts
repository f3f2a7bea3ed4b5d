/** What the isolation tests of the pane need of the page's side, in one bundle. */

export { prepareDocument } from '../../../src/sandbox/embedded/browser/document.ts';
export { openPane } from '../../../src/sandbox/embedded/browser/pane.ts';
export { ServerPolicy } from '../../../src/sandbox/embedded/browser/server-policy.ts';
