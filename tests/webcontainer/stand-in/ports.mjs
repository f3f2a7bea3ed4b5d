// Runs before every program of the stand-in: tells it which ports are open, as StackBlitz's runtime knows by itself.
import { writeSync } from 'node:fs';
import net from 'node:net';

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
