import dns, { promises } from 'node:dns';

const one = (h, o) =>
  new Promise((r) =>
    dns.lookup(h, o, (e, a, f) => r(e ? [e.code, e.message, e.syscall, e.hostname, e.errno] : [a, f])),
  );
console.log(
  await one('127.0.0.1', {}),
  await one('::1', { all: true }),
  await one('no.such.invalid', {}),
  await one('localhost', { family: 4 }),
  await promises.lookup('127.0.0.1'),
);
for (const body of [
  () => dns.lookup('x', { family: 5 }, () => {}),
  () => dns.lookup('x'),
  () => dns.lookup(5, () => {}),
  () => dns.setDefaultResultOrder('x'),
  () => dns.resolve('x', 'NOPE', () => {}),
  () => dns.lookupService('x', 1, () => {}),
])
  try {
    body();
    console.log('fine');
  } catch (e) {
    console.log(e.name, e.code, e.message);
  }
await promises.lookup('no.such.invalid').catch((e) => console.log(e.code, e.message));
console.log(dns.getDefaultResultOrder(), dns.NOTFOUND, dns.ADDRCONFIG);
