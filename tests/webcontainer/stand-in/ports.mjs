// Runs before every program of the stand-in: tells it which ports are open, as StackBlitz's runtime knows by itself.
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
