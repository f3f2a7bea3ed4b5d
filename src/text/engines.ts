/** What the engines say of themselves, to the reader. */
export const engineWords = {
  names: { embedded: 'Handfast’s own engine', webcontainer: 'WebContainers', node: 'Node.js' },
  /** What an engine may be able to do, as the head of a row. */
  capabilities: {
    wireTap: 'The wire: messages and keys',
    onPath: 'Somebody on the path',
    worlds: 'Two worlds at once',
    browsers: 'Browsers with a person at them',
    ownAddresses: 'An address for each host',
    separateStderr: 'stderr apart from stdout',
    npmInstall: 'npm install',
    deterministic: 'Runs that repeat exactly',
    offline: 'Works without a network',
  },
  /** Why an engine cannot do something: one sentence each. */
  reasons: {
    notOnPath: 'In this engine nobody can be put on the path between two hosts.',
    random: 'Times and random values are real here, so no two runs are the same to the byte.',
    ownPackages: 'A lab’s packages were built into this site; npm itself does not run here.',
    nodeTap: 'Real Node.js keeps its messages to itself; only who connected to whom is seen.',
    nodePackages: 'The lab’s packages are linked from this project; npm is not run.',
  },
} as const;
