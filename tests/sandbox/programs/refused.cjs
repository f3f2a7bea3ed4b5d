// What a client meets where nobody is.
const net = require('node:net');
const dns = require('node:dns');
const report = (name, error) =>
  console.log(
    name,
    error.code,
    error.syscall,
    error.errno,
    error.address,
    error.port,
    error.hostname,
    error.message,
  );
const attempts = [
  ['loopback', () => net.connect(1, '127.0.0.1')],
  ['another loopback', () => net.connect(1, '127.4.4.4')],
  ['ipv6', () => net.connect(1, '::1')],
  ['any', () => net.connect(1, '0.0.0.0')],
  ['no such name', () => net.connect(1, 'nowhere.invalid')],
];
const next = () => {
  const [name, open] = attempts.shift() ?? [];
  if (!open)
    return dns.lookup('nowhere.invalid', (error) => console.log('lookup', error.code, error.message));
  const socket = open();
  socket.on('error', (error) => report(name, error));
  socket.on('close', (hadError) => {
    console.log(name, 'close', hadError, socket.destroyed);
    next();
  });
};
next();
