/** What a socket says of its two ends. */
import net from 'node:net';
import { called } from './calling.ts';
import { type Any, hosts, own, ports } from './here.ts';
import { behind } from './listening.ts';

// Every getter of an address asks one of these two, a TLS socket's too. A Node.js without them tells loopback addresses.
const socket = net.Socket.prototype as Any;
const { _getpeername: peerOf, _getsockname: selfOf } = socket;
type Asked = { address?: string; port?: number; family?: string };

/** The lab's address as a server sees it that listens for both families. */
function end(address: string, port: number | undefined, isDual: boolean | undefined): Asked {
  return isDual ? { address: `::ffff:${address}`, port, family: 'IPv6' } : { address, port, family: 'IPv4' };
}

socket._getpeername = function (this: net.Socket): Asked {
  const given: Asked = peerOf.call(this);
  const to = called.get(this);
  if (given.port === undefined) return given;
  if (to) return end(to.address, to.port, false);
  const caller = ports.hostOf(given.port);
  const { isDual } = behind.get(selfOf.call(this).port) ?? {};
  return caller === undefined ? given : end(hosts[caller], given.port, isDual);
};

socket._getsockname = function (this: net.Socket): Asked {
  const given: Asked = selfOf.call(this);
  if (given.port === undefined) return given;
  const open = behind.get(given.port);
  return end(own, open?.port ?? given.port, open?.isDual);
};
