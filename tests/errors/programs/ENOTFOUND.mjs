// A name that nobody has. RFC 6761 §6.4: `.invalid` never exists.
import net from 'node:net';
import { tell } from './support/meet.mjs';

net.connect(8443, 'ledger.invalid').on('error', (error) => tell('client', error));
