/** The checks beside the editor, and the plausible fixes. */
export const checkPanelWords = {
  name: 'Checks beside the editor',
  noMoreHints: 'No more hints',
};

export const fixWords = {
  open: 'Try a plausible fix',
  tab: 'Plausible fixes',
  intro:
    'Others have mended it like this. Each of these looks right, and none of them is. Choose one, read what it changes, say to yourself what will go wrong, and try it. Your own files are left alone.',
  legend: 'Which one?',
  fix: (number: number) => `Fix ${number}`,
  /** "trusts-nobody" → "Trusts nobody" */
  title: (name: string) => `${name[0].toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`,
  try: (number: number) => `Run the checks and the attack with fix ${number}`,
  trying: 'Running',
  back: 'Back to my files',
  change: (path: string) => `What it changes in ${path}`,
  results: 'What came of it',
  why: 'Why it does not hold',
  attack: {
    expected: 'the attack succeeds',
    solved: 'the attack is refused',
    /** Mallory has got something, say, and the log does not tell; or she fails, for want of anybody to rob. */
    neither: 'neither as before, nor refused',
  },
  honest: (works: boolean) => (works ? 'the honest client works' : 'the honest client breaks'),
  spoken: (count: number, fix: string, attack: string, honest: string, checks: string) =>
    `${count}. ${fix}: ${attack}; ${honest}; ${checks}.`,
  /** A step in the consoles, while a fix is tried. */
  divider: (fix: string, title: string) => `${fix}: ${title}`,
  notLoaded: 'The fixes could not be loaded. Is the network gone? Try again.',
};
