// Errors that Node's library makes: printed whole, with the frames of its own files.
const dns = require('node:dns');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');

// Two addresses are tried one after the other, and a busy machine is no reason to give the first up.
net.setDefaultAutoSelectFamilyAttemptTimeout(60_000);

const failure = (emitter) => new Promise((resolve) => emitter.on('error', resolve));

async function main() {
  console.log(await failure(net.connect(1, '127.0.0.1')));
  console.log(await failure(net.connect('/nowhere/socket')));
  const both = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  console.log(
    await failure(
      net.connect({ port: 1, host: 'both', lookup: (_name, _options, callback) => callback(null, both) }),
    ),
  );
  console.log(await new Promise((resolve) => dns.lookup('nowhere.invalid', resolve)));
  console.log(await failure(http.get('http://nowhere.invalid/')));
  const server = http.createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  console.log(await failure(http.get(server.address())));
  server.close();
  for (const call of [
    () => fs.readFileSync('missing'),
    () => fs.readFileSync('missing', 'utf8'),
    () => fs.writeFileSync('missing/file', 'text'),
    () => fs.statSync('missing'),
    () => fs.readdirSync('missing'),
  ]) {
    try {
      call();
    } catch (error) {
      console.log(error.stack.split('\n    at main')[0]);
    }
  }
}
main();
