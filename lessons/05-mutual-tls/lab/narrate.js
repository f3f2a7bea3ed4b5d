/**
 * Prints what happens to a client's connection, in the order in which it happens.
 * @param {import('node:tls').TLSSocket} socket
 */
export function narrate(socket) {
  let received = '';
  socket.setEncoding('utf8');

  socket.on('secureConnect', () => {
    console.log('secureConnect');
    console.log(`protocol: ${socket.getProtocol()}`);
    console.log(`authorized: ${socket.authorized}`); // the client's opinion of the server, not the other way round
  });
  socket.on('data', (text) => {
    received += text;
    console.log(`received: ${text.trimEnd()}`);
  });
  socket.on('error', (error) => console.log(`error: ${/** @type {NodeJS.ErrnoException} */ (error).code}`));
  socket.on('end', () => console.log('end'));
  socket.on('close', () => {
    if (received === '') process.exitCode = 1;
  });
}
