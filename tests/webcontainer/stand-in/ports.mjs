// Runs before every program of the stand-in: tells it which ports are open, as StackBlitz's runtime knows by itself, and
// gives the instance a loopback address of its own, as each WebContainer has: on this machine's other things listen too.
import crypto from 'node:crypto';
import { writeSync } from 'node:fs';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';

if (process.env.STAND_IN_LACKS === 'tls') {
  // As its users report of WebContainers: no server for TLS, no RSA.
  tls.createServer =
    tls.connect =
    https.createServer =
    https.request =
      () => {
        throw new Error('tls is not implemented');
      };
  crypto.createSign =
    crypto.createVerify =
    crypto.createPrivateKey =
    crypto.generateKeyPairSync =
      () => {
        throw new Error('not supported');
      };
  crypto.X509Certificate = undefined;
  syncBuiltinESMExports();
}

const LOOPBACK = '127.0.0.1';
const { STAND_IN_ADDRESS: own = LOOPBACK } = process.env;
const tcp = process.binding('tcp_wrap').TCP.prototype;
const { bind, connect, getsockname, getpeername } = tcp;
const inside = (address) => (address === LOOPBACK ? own : address);
tcp.bind = function (address, ...rest) {
  return bind.call(this, inside(address), ...rest);
};
tcp.connect = function (request, address, ...rest) {
  return connect.call(this, request, inside(address), ...rest);
};
for (const [name, ask] of Object.entries({ getsockname, getpeername })) {
  tcp[name] = function (out) {
    const status = ask.call(this, out);
    if (out.address === own) out.address = LOOPBACK;
    return status;
  };
}

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  const tell = (state, port) => writeSync(3, `${JSON.stringify({ state, port })}\n`);
  this.prependOnceListener('listening', () => {
    const { port } = net.Server.prototype.address.call(this);
    tell('open', port);
    this.once('close', () => tell('close', port));
  });
  return listen.apply(this, args);
};
