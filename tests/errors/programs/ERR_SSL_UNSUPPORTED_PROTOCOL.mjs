// The same, as the server tells it.
import { meet, tell } from './support/meet.mjs';

const { server } = await meet({ minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' });
tell('server', server);
