/**
 * Stacks that hold nothing of the program: an error that Node's library makes when the network or TLS has news. The
 * engine's frames have the same order as Node's, under shortened names; this table has what version 24.21.0 prints for
 * the commonest, told apart by the error and by the few names that are kept.
 */

const ticks = 'process.processTicksAndRejections (node:internal/process/task_queues:90:21)';
const destroyed = [
  'emitErrorNT (node:internal/streams/destroy:170:8)',
  'emitErrorCloseNT (node:internal/streams/destroy:129:3)',
  ticks,
];
const client = 'node:_http_client';
const tls = 'node:internal/tls/wrap';
const emitEmpty = '.emit (node:events:526:24)';
const emitOne = '.emit (node:events:514:28)';
const ended = (socket: string) => [
  `${socket}${emitEmpty}`,
  'endReadableNT (node:internal/streams/readable:1764:12)',
  ticks,
];
const closed = (socket: string) => [`${socket}${emitEmpty}`, 'TCP.<anonymous> (node:net:362:12)'];
const tlsClosed = [
  `TLSSocket${emitEmpty}`,
  'node:net:362:12',
  'Socket.done (node:internal/tls/wrap:770:7)',
  'Socket.wrapper (node:events:639:12)',
  ...closed('Socket'),
];
const received = (socket: string) => [
  `${socket}${emitOne}`,
  'addChunk (node:internal/streams/readable:568:12)',
  'readableAddChunkPushByteMode (node:internal/streams/readable:519:3)',
  'Readable.push (node:internal/streams/readable:399:5)',
  `${socket === 'TLSSocket' ? 'TLSWrap' : 'TCP'}.onStreamRead (node:internal/stream_base_commons:189:23)`,
];

/** The class a method was called on, as `Socket` in `Socket.emit (…)`. */
const classOf = (frame: string | undefined) => /^(?:TLS)?Socket/.exec(frame ?? '')?.[0] ?? 'Socket';
const tickAt = (sites: readonly string[]) =>
  sites.findIndex((site) => /\bprocessTicksAndRejections\b/.test(site));

interface LibraryError {
  code?: string;
  syscall?: string;
  port?: number;
  message?: string;
}

/** What Node prints below such an error's message. `sites` are the engine's frames, innermost first. */
export function errorFrames(error: LibraryError, sites: readonly string[]): readonly string[] {
  const { code = '', syscall, message = '' } = error;
  if (syscall !== undefined) return systemFrames(error, sites);
  if (sites.some((site) => /^internalConnectMultiple /.test(site))) {
    return manyFrames('internalConnectMultiple (node:net:1430:18)', '2099:7');
  }
  const socket = classOf(sites[0]);
  const ticked = tickAt(sites) !== -1;
  if (message === 'socket hang up') {
    if (ticked) return [`${socket}.socketOnEnd (${client}:790:25)`, ...ended(socket)];
    if (socket === 'TLSSocket') return [`TLSSocket.onSocketClose (${tls}:1366:23)`, ...tlsClosed];
    return [`Socket.socketCloseListener (${client}:739:27)`, ...closed('Socket')];
  }
  if (message.startsWith('Client network socket disconnected before')) {
    return [`TLSSocket.onConnectEnd (${tls}:1827:19)`, ...ended('TLSSocket')];
  }
  if (sites.some((site) => site.includes('._finishInit '))) {
    const isName = code === 'ERR_TLS_CERT_ALTNAME_INVALID';
    return [
      ...(isName ? ['Object.checkServerIdentity (node:tls:497:12)'] : []),
      `TLSSocket.onConnectSecure (${tls}:${isName ? '1781:27' : '1775:34'})`,
      `TLSSocket${emitOne}`,
      `TLSSocket._finishInit (${tls}:1203:8)`,
      `ssl.onhandshakedone (${tls}:984:12)`,
    ];
  }
  const heard = sites.find((site) => /^(TLS)?Socket\.emit /.test(site));
  // A server's parser reads from the connection itself, without a frame of JavaScript.
  if (code === 'HPE_INVALID_CONSTANT' && heard) {
    return [`${classOf(heard)}.socketOnData (${client}:806:22)`, ...received(classOf(heard))];
  }
  return [];
}

/** A name with several addresses, none of which answered. */
const manyFrames = (first: string, place: string) => [first, `afterConnectMultiple (node:net:${place})`];

/** Errors of a system call that ended later. */
function systemFrames({ syscall, port }: LibraryError, sites: readonly string[]): readonly string[] {
  const [first = ''] = sites;
  const isLate = / \[as oncomplete\] /.test(first);
  if (/^createConnectionError /.test(first))
    return manyFrames('createConnectionError (node:net:2062:14)', '2092:16');
  if (syscall === 'connect' && isLate) {
    return [
      `${port === undefined ? 'Pipe' : 'TCP'}ConnectWrap.afterConnect [as oncomplete] (node:net:2021:16)`,
    ];
  }
  if (syscall === 'getaddrinfo' && isLate) {
    const place = first.includes('.onlookupall ')
      ? 'onlookupall [as oncomplete] (node:dns:123:26)'
      : 'onlookup [as oncomplete] (node:dns:112:26)';
    return [`GetAddrInfoReqWrap.${place}`];
  }
  if (syscall === 'read') return ['TCP.onStreamRead (node:internal/stream_base_commons:216:20)'];
  if (syscall === 'write' && isLate) {
    return ['WriteWrap.onWriteComplete [as oncomplete] (node:internal/stream_base_commons:87:19)'];
  }
  if (syscall === 'listen') {
    return [
      'Server.setupListenHandle [as _listen2] (node:net:2328:16)',
      'listenInCluster (node:net:2437:12)',
      'node:net:2666:7',
      ticks,
    ];
  }
  return [];
}

/** Where an 'error' event was emitted that nobody listens to. */
export function emitFrames(sites: readonly string[]): readonly string[] {
  if (/\._emitTLSError /.test(sites[0] ?? '')) {
    return [`TLSSocket._emitTLSError (${tls}:1159:10)`, `TLSWrap.onerror (${tls}:592:11)`];
  }
  const tick = tickAt(sites);
  if (!/^(TLS)?Socket\.emit /.test(sites[2] ?? '')) {
    return tick === 1 ? ['emitErrorNT (node:net:2416:8)', ticks] : tick === 2 ? destroyed : [];
  }
  // A request passes on what happens to its socket.
  const socket = classOf(sites[2]);
  const request = `emitErrorEvent (${client}:114:11)`;
  if (tick === 5)
    return [request, `${socket}.socketErrorListener (${client}:766:5)`, `${socket}${emitOne}`, ...destroyed];
  if (tick === 4) return [request, `${socket}.socketOnEnd (${client}:790:5)`, ...ended(socket)];
  if (/<anonymous>/.test(sites[3] ?? ''))
    return [request, `${socket}.socketCloseListener (${client}:739:7)`, ...closed(socket)];
  return [request, `${socket}.socketOnData (${client}:815:5)`, ...received(socket)];
}
