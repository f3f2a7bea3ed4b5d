// The file is there and holds no PEM.
import tls from 'node:tls';
import { pki, tell } from './support/meet.mjs';

try {
  tls.createServer({ cert: 'a letter to Ana', key: pki['server-ec.key'] });
} catch (error) {
  tell('program', error);
}
