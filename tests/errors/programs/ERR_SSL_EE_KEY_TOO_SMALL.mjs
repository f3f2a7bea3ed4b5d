// RSA with 1,024 bits.
import tls from 'node:tls';
import { files, tell } from './support/meet.mjs';

try {
  tls.createServer(files('rsa1024'));
} catch (error) {
  tell('program', error);
}
