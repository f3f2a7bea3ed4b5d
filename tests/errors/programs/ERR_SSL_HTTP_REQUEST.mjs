// A client that does not speak TLS calls a server that does.
import { meet, tell } from './support/meet.mjs';

const raw = (socket) => socket.write('GET / HTTP/1.1\r\nHost: ledger\r\n\r\n');
const { server } = await meet({}, {}, { raw });
tell('server', server);
