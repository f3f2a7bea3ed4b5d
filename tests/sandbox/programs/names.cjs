// What functions are called: minifying took their names, and whoever prints one sees them.
const modules = {
  async_hooks: require('node:async_hooks'),
  child_process: require('node:child_process'),
  crypto: require('node:crypto'),
  dns: require('node:dns'),
  events: require('node:events'),
  http: require('node:http'),
  https: require('node:https'),
  net: require('node:net'),
  readline: require('node:readline'),
  stream: require('node:stream'),
  tls: require('node:tls'),
};

/** Names that Node makes when it runs, or has none for. */
const others =
  /^(dns\.(Resolver|resolve$)|crypto\.(argon2|Hash$|Hmac$|timingSafeEqual|encapsulate|decapsulate)|.*ECDH#setPublicKey|tls\.TLSSocket#(get|is|enable))/;

function show(place, owner) {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
    if (typeof value !== 'function' || name === 'constructor' || others.test(place + name)) continue;
    console.log(place + name, value.name || '(none)');
    if (/^[A-Z]/.test(name) && value.prototype) show(`${place}${name}#`, value.prototype);
  }
}
for (const [name, module] of Object.entries(modules)) show(`${name}.`, module);

const { EventEmitter } = modules.events;
const server = modules.http.createServer((_request, _response) => {});
console.log(server.rawListeners('connection'), new modules.stream.PassThrough().listeners('prefinish'));
console.log(modules.crypto.randomBytes, EventEmitter.once, modules.net.Socket, modules.child_process.spawn);
