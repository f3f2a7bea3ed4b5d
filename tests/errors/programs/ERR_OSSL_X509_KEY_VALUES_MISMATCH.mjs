// A certificate, and the key of another one.
import tls from 'node:tls';
import { pki, tell } from './support/meet.mjs';

try {
  tls.createServer({ cert: pki['server-ec.chain'], key: pki['second.key'] });
} catch (error) {
  tell('program', error);
}
