/**
 * Runs before a program in a container (`node --import`): puts it on its host of the lab. There the hosts have one
 * loopback address between them, so each port of a host stands behind a port of that address (`hosts.ts`). Programs see
 * the lab's names, addresses and ports; they are exchanged where Node's public functions are called, because nothing is
 * known of the bindings of that Node. By those, nothing but the lab's hosts can be reached. Datagrams pass them by; no lab sends any.
 */
import { syncBuiltinESMExports } from 'node:module';
import { placeChildren } from './children.ts';
import './names.ts';
import './listening.ts';
import './calling.ts';
import './ends.ts';

placeChildren();
syncBuiltinESMExports();
