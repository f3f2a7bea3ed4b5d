import { builtinModules } from 'node:module';
import * as net from 'node:net';

const list = new net.BlockList();
list.addAddress('192.0.2.1');
list.addRange('198.51.100.3', '198.51.100.9');
list.addSubnet('2001:db8:1::', 48, 'ipv6');
console.log(list, list.toJSON());
for (const [text, family] of [
  ['192.0.2.1'],
  ['::ffff:192.0.2.1', 'ipv6'],
  ['198.51.100.9'],
  ['198.51.100.10'],
  ['2001:db8:1:ffff::1', 'ipv6'],
  ['2001:db8:2::1', 'ipv6'],
  ['nonsense'],
]) {
  console.log(text, list.check(text, family));
}
console.log(net.SocketAddress.parse('[2001:db8::1]:443'), net.SocketAddress.parse('nowhere'));
console.log(Object.keys(net).join(), builtinModules.includes('module'));
