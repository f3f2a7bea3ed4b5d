const headers = `Cross-Origin-Opener-Policy: same-origin
Cross-Origin-Embedder-Policy: require-corp`;

/** What the engine check says, and its notes for hosts. */
export const engineCheckWords = {
  title: 'Engine check',
  description: 'Asks each engine of this course what it can do in your browser, and gives a report to copy.',
  intro:
    'A small Node.js program tries what the labs need: TCP, a mutual TLS handshake, RSA and EC keys and signatures, certificates. It runs as any lab’s program does, in the engine you choose.',
  noScript: 'JavaScript is off, so nothing can be tried here.',
  checkOwn: 'Check Handfast’s own engine',
  checkContainer: 'Check WebContainers',
  asks: 'The second asks StackBlitz’s servers for their runtime; nothing is asked of them before you press it. Handfast has not yet been run against them by its authors, who had no way to reach them: a report is welcome.',
  running: (engine: string) => `Asking ${engine} …`,
  done: (engine: string) => `${engine}: done. The report is below.`,
  report: 'Report',
  copy: 'Copy the report',
  copied: 'The report: copied.',
  notCopied: 'This browser does not let the page write to the clipboard. The report can be selected.',
  settings: 'Settings',
  works: 'works',
  itsOwn: 'Its own Node.js:',
  inLab: (standsIn: boolean) =>
    standsIn ? 'With Handfast’s own tls and crypto, as labs run in it:' : 'As labs run in it:',
  cannot: (what: string) => `cannot: ${what}.`,
  times: (boot: number, probe: number) => `started in ${boot} ms, answered in ${probe} ms`,
  isolated: (isIsolated: boolean) => `Isolated page: ${isIsolated ? 'yes' : 'no'}`,
  hosts: {
    title: 'Notes for hosts',
    description: 'The two headers that WebContainers need, for the usual static hosts.',
    intro: [
      'This site is static files, and its own engine needs no header at all. WebContainers need pages that are isolated from other origins. These two headers make a page so; send them with /lessons/…/webcontainer/ and /engine-check/, and with no other page:',
    ],
    headers,
    list: [
      {
        name: 'npm start',
        text: 'Sends them.',
      },
      {
        name: 'Netlify, Cloudflare Pages',
        text: 'Nothing to do: they read the file _headers, which is in the built site.',
      },
      {
        name: 'nginx',
        text: 'In the server block (it finds index.html by a second look, which has to match too):',
        code: `location ~ ^/(lessons/[^/]+/webcontainer|engine-check)/(index\\.html)?$ {
  add_header Cross-Origin-Opener-Policy same-origin;
  add_header Cross-Origin-Embedder-Policy require-corp;
}`,
      },
      {
        name: 'Apache',
        text: 'With mod_headers, in the virtual host:',
        code: `<LocationMatch "^/(lessons/[^/]+/webcontainer|engine-check)/(index\\.html)?$">
  Header set Cross-Origin-Opener-Policy same-origin
  Header set Cross-Origin-Embedder-Policy require-corp
</LocationMatch>`,
      },
      {
        name: 'Caddy',
        text: 'In the site block:',
        code: `@isolated path_regexp ^/(lessons/[^/]+/webcontainer|engine-check)/(index\\.html)?$
header @isolated {
  Cross-Origin-Opener-Policy same-origin
  Cross-Origin-Embedder-Policy require-corp
}`,
      },
      {
        name: 'Vercel',
        text: 'In vercel.json (it answers with and without the last slash):',
        code: `{ "headers": [{
  "source": "/(lessons/[^/]+/webcontainer|engine-check){/}?{index.html}?",
  "headers": [
    { "key": "Cross-Origin-Opener-Policy", "value": "same-origin" },
    { "key": "Cross-Origin-Embedder-Policy", "value": "require-corp" }
  ]
}] }`,
      },
      {
        name: 'GitHub Pages',
        text: 'Sends no headers of yours. WebContainers do not start there; the pages say so, and Handfast’s own engine runs the labs.',
      },
      {
        name: 'A policy of your own',
        text: 'Every page carries its content security policy. If your server sends one besides, it must allow frame-src https://stackblitz.com on these pages; both policies hold.',
      },
    ] as { name: string; text: string; code?: string }[],
  },
};
