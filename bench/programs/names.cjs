// Preloaded into real Node.js by the bench: the lab's host names are this machine. As little as can be, because its
// time counts as Node's.
const dns = require('node:dns');

const { lookup } = dns;
dns.lookup = (name, options, callback) =>
  lookup(name.endsWith('.example') ? '127.0.0.1' : name, options, callback);
