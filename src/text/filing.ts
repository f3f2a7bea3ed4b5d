/** The words of the lab's files: the tree, what is done with one of them, how it compares. */
export const filingWords = {
  tree: 'All files',
  treeLabel: 'Files of the lab',
  opened: 'open',
  marks: { changed: 'changed', new: 'new', deleted: 'deleted' },
  notKept: 'not kept',
  notKeptWhy: 'This browser keeps nothing for this page: what you change is gone when you leave it.',
  readOnly: 'to read only',
  create: 'New file',
  createName: 'Path of the new file',
  createHint: 'e.g. mallory/mine.js',
  createConfirm: 'Create',
  cancel: 'Cancel',
  nameFaults: {
    name: () => 'Expected a name. Nothing came.',
    relative: (came: string) =>
      `Expected a path from the lab’s folder, such as mallory/mine.js. “${came}” begins with a slash.`,
    characters: (came: string) =>
      `Expected letters, digits, dots, dashes, underscores and slashes. There is a “${came === ' ' ? 'space' : came}” in it.`,
    parts: (came: string) =>
      `Expected a name between slashes and no dots alone, nor at the end of one. It is “${came}”.`,
    short: (came: string) => `Expected at most 80 characters. These are ${came}.`,
    free: (came: string) =>
      came.endsWith('/')
        ? `Expected a name that nothing has. “${came}” is a folder.`
        : `Expected a name that no file has. There is “${came}”.`,
    folder: (came: string) => `Expected a folder in front of the slash. “${came}” is a file.`,
    lab: (came: string) => `Expected a file of your own. “${came}” lies among the packages.`,
    word: (came: string) => `Expected another name. “${came}” is a word that JavaScript has for itself.`,
  },
  download: 'Download',
  downloadLab: 'Download this lab with your files, as a zip',
  downloadMine: 'Download mine, as a zip',
  downloadFailed: 'The download could not be made. Is the network gone? Try again.',
  finding: {
    label: 'Find in this file',
    steps: ['The one before', 'The next one'],
    close: 'Close the search',
    /** Of which the `at`th is selected; 0 where none is. */
    count: (at: number, all: number) =>
      all === 0 ? 'not found' : at > 0 ? `${at} of ${all}` : `${all} found`,
  },
  bar: 'This file',
  close: 'Close',
  find: 'Find',
  compare: 'Compare',
  reset: 'Reset this file',
  delete: 'Delete',
  restore: 'Bring it back',
  undo: { reset: 'Undo the reset', deleted: (path: string) => `Undo: bring ${path} back` },
  spoken: {
    created: (path: string) => (count: number) => `${count}. ${path} is there, and open in the editor.`,
    deleted: (path: string) => (count: number) => `${count}. ${path} is deleted. It can be brought back.`,
    restored: (path: string) => (count: number) => `${count}. ${path} is back.`,
    reset: (path: string) => (count: number) => `${count}. ${path} is as it was at the start.`,
    undone: (path: string) => (count: number) => `${count}. ${path} is as you had it.`,
  },
  comparison: {
    label: (path: string) => `${path}, compared`,
    with: 'Compared with',
    start: 'the start',
    solution: 'a solution',
    back: 'Back to the file',
    same: { start: 'It is as it was at the start.', solution: 'It is as in our solution.' },
    /** "3 lines added, 1 removed" */
    count: (added: number, removed: number) =>
      `${added} ${added === 1 ? 'line' : 'lines'} added, ${removed} removed.`,
    direction: { start: 'From the start to yours.', solution: 'From yours to a solution.' },
    askTitle: 'Look at the solution of this file?',
    askText: 'It gives the answer away. Your file stays as it is.',
    askConfirm: 'Show what differs',
  },
  stale: {
    title: 'The lesson’s files have changed',
    text: 'You worked on an earlier version of this lab. Take the new files and download yours, or keep working on yours.',
    confirm: 'Take the new files',
    cancel: 'Keep mine',
  },
} as const;
