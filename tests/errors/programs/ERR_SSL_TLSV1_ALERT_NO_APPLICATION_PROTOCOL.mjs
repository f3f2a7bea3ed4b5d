// The client asks for HTTP/2, the server has HTTP/1.1 only.
import { meet, tell } from './support/meet.mjs';

const { client } = await meet({ ALPNProtocols: ['http/1.1'] }, { ALPNProtocols: ['h2'] });
tell('client', client);
