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
    containerTap: 'WebContainers let nobody listen on their network: there is no wire to show.',
    oneContainer: 'A page can have one WebContainer: worlds run one after the other in it.',
    merged: 'WebContainers give stdout and stderr as one stream: all of it is shown as stdout.',
    online: 'WebContainers come from StackBlitz’s servers each time they start.',
    containerBrowsers:
      'The network of WebContainers is out of this page’s reach, so nobody can sit at a browser in it.',
    oneAddress:
      'The hosts share one address in WebContainers: each has ports of its own there, and is shown with the lab’s.',
    nodeTap: 'Real Node.js keeps its messages to itself; only who connected to whom is seen.',
    nodePackages: 'The lab’s packages are linked from this project; npm is not run.',
  },
  /** What WebContainers do while they start. */
  steps: {
    page: 'Looking whether this page may run them',
    client: 'Loading StackBlitz’s client',
    host: 'Waiting for StackBlitz’s server',
    probe: 'Asking its Node.js what it can do',
    ready: 'Ready',
  },
  /** On the pages of the other engine. */
  route: {
    title: (lesson: string) => `${lesson} (on WebContainers)`,
    intro:
      'On this page the files run in StackBlitz’s WebContainers, if you have chosen them: their runtime comes from StackBlitz’s servers, and programs in it can reach the internet.',
    footer:
      'Attacks run only against this course’s own hosts. WebContainers are StackBlitz’s, and so is what they send.',
    offer:
      'This page can run on WebContainers. You have not chosen them, so Handfast’s own engine runs here.',
    asks: 'They ask StackBlitz’s servers for their runtime, and may see what you run. For a company they may need a licence.',
    choose: 'Run on WebContainers',
    needed: 'This lab needs npm itself, which Handfast’s own engine has not. WebContainers have it.',
    there: 'Open this lesson’s page for WebContainers',
    own: 'Use Handfast’s own engine',
    retry: 'Load the page again',
    notes: 'Notes for hosts',
    instead: 'Handfast’s own engine has taken over, with your files.',
    running: (node: string, standsIn: boolean) =>
      `Running on WebContainers, Node.js ${node}; TLS and cryptography: ${standsIn ? 'Handfast’s own, because something of its own is missing' : 'its own'}.`,
    nothing: 'Every step of this lesson has somebody at a browser, so none of them runs on WebContainers.',
    cannot: (count: number) => `What this engine cannot do (${count})`,
    behind: (name: string, port: number) => `${name} is port ${port} there`,
  },
  /** In the settings. */
  choice: {
    title: 'Engine',
    embedded: 'The default: part of this site, works without a network, and shows what passes on the wire.',
    webcontainer:
      'Node.js by StackBlitz. It comes from their servers whenever a lesson is opened, so they learn of that; it has npm, and cannot show the wire. Lessons then open on a page of their own. Commercial use may need a licence from them.',
    licence: 'StackBlitz on licences',
    licenceUrl: 'https://webcontainers.io/enterprise',
    check: 'What each engine can do here: the engine check',
  },
  hostSaid: 'It said:',
  /** What happened, and what the reader can do about it. */
  failures: {
    'not-isolated': {
      what: 'WebContainers need a page that is isolated from others, and this one is not.',
      remedy: 'Whoever serves the site has to send two headers with this page: see the notes for hosts.',
    },
    offline: {
      what: 'There is no network, and WebContainers come from StackBlitz’s servers.',
      remedy: 'Try again when there is one.',
    },
    'no-client': {
      what: 'The part of this site that starts WebContainers could not be loaded.',
      remedy: 'Load the page again when the site can be reached.',
    },
    blocked: {
      what: 'StackBlitz’s server did not answer as it should: it may be blocked here, or away.',
      remedy: 'Schools and companies often block it. Try another network.',
    },
    policy: {
      what: 'This page’s content security policy does not allow StackBlitz’s server.',
      remedy: 'Whoever serves the site sends a stricter policy than its own: see the notes for hosts.',
    },
    'too-slow': {
      what: 'StackBlitz’s server answered, but WebContainers did not start in time.',
      remedy: 'Try again on a faster line.',
    },
    'second-boot': {
      what: 'This page has a WebContainer already, and can have only one.',
      remedy: 'Load the page again.',
    },
    refused: {
      what: 'StackBlitz’s server refused to start WebContainers here.',
      remedy: 'A company may need a licence from StackBlitz for that.',
    },
    unfit: {
      what: 'WebContainers started, but failed before a program could run.',
      remedy: 'Load the page again. If it happens again, the engine check prints a report of it.',
    },
    'needs-reload': {
      what: 'WebContainers did not start on this page, and cannot be started on it again.',
      remedy: 'Load the page again to retry.',
    },
    died: {
      what: 'The WebContainer has stopped.',
      remedy: 'What ran is lost; your files are not. Load the page again to start another.',
    },
  },
} as const;
