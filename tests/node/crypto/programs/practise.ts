// The event loop of the runtime keeps a real Node alive, so this runs apart and ends itself.
import { withSource } from '../../../../src/node/crypto/environment.ts';
import { makeIdentities, platform, shakeHands } from '../../../../src/node/crypto/practise.ts';

withSource(platform, () => {
  const identities = makeIdentities();
  const strangers = { ...identities, authority: makeIdentities().authority };
  console.log(`each end verifies the other: ${shakeHands(identities)}`);
  console.log(`with another authority: ${shakeHands(strangers)}`);
});
process.exit(0);
