/** The words of the keyboard: the list of keys, and the lines between parts that can be moved. */
export const splitWords = {
  columns: 'Text and lab: move the line between them',
  rows: 'Files and consoles: move the line between them',
} as const;

export const keyWords = {
  title: 'Keys',
  button: 'Keys',
  close: 'Close',
  single: 'Single keys act',
  singleHint: 'Off, only keys together with Ctrl, Cmd or Alt do something, and those of what has the focus.',
  groups: [
    {
      title: 'Anywhere but in a field',
      keys: [
        [['?'], 'This list'],
        [['r'], 'Run again what was run last'],
        [['c'], 'Check my work'],
        [['s'], 'Stop what runs'],
        [['n'], 'To the next step'],
        [['p'], 'To the step before'],
        [['t'], 'To the text'],
        [['f'], 'To the files: the tab of the one that is shown'],
        [['e'], 'Into the editor'],
        [['o'], 'To what the programs said'],
        [['w'], 'To the wire'],
      ],
    },
    {
      title: 'In the editor',
      keys: [
        [['Ctrl', 'Enter'], 'Run (on a Mac also Cmd + Enter)'],
        [['Esc', 'Tab'], 'Leave it: one after the other'],
        [['Ctrl', 'F'], 'Find in the file; pressed once more, the browser’s own search'],
        [['Ctrl', 'Z'], 'Undo'],
      ],
    },
    {
      title: 'On a tab, and in the tree of files',
      keys: [
        [['←', '→'], 'The tab beside it; in the tree, fold and unfold'],
        [['↑', '↓'], 'In the tree: up and down'],
        [['Home', 'End'], 'The first, the last'],
        [['a', '…', 'z'], 'In the tree: to the name that begins so'],
        [['Delete'], 'Close the tab, where it can be closed'],
      ],
    },
    {
      title: 'On a line that can be moved',
      keys: [
        [['←', '→'], 'Move it; with Shift further. Between files and consoles: ↑ ↓'],
        [['Home', 'End'], 'As far as it goes'],
        [['Enter'], 'Back to where it was'],
      ],
    },
  ] as readonly { title: string; keys: readonly (readonly [readonly string[], string])[] }[],
} as const;
