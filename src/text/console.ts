/** What a console and its tools say. */
export const consoleWords = {
  tools: 'Tools',
  toolsOf: (name: string) => `Tools of this console: ${name}`,
  filter: 'Filter',
  times: 'Times',
  timesHelp: 'Seconds since the run began, before each line',
  copy: 'Copy',
  input: 'Input',
  send: 'Send',
  copied: (count: number, name: string, lines: number) =>
    `${count}. Console of ${name}: ${lines} ${lines === 1 ? 'line' : 'lines'} copied.`,
  notCopied: (count: number) => `${count}. This browser does not let the page write to the clipboard.`,
  isCopied: 'copied',
  isNotCopied: 'not copied',
  hidden: (count: number) =>
    count === 0 ? 'none hidden' : `${count} ${count === 1 ? 'line' : 'lines'} hidden`,
  openAt: (path: string, line: number) => `Open ${path} at line ${line}`,
  explained: (code: string) => `${code}: explained in a new tab`,
};
