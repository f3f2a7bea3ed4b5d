// The same, as the server tells it.
import { meet, pki, tell } from './support/meet.mjs';

const { server } = await meet({ requestCert: true, ca: pki['root-ec.crt'] }, {});
tell('server', server);
