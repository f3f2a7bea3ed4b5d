// Another origin of the same site, with and without the headers of CORS.
const json = { 'content-type': 'application/json', 'x-secret': 's', 'x-shown': 'y' };
const open = { 'access-control-allow-origin': '*' };
const reply =
  (headers) =>
  ({ response }) =>
    response.writeHead(200, { ...json, ...headers }).end('{"ok":true}');
const app = 'https://app.tally.example:8443';

module.exports = {
  '* /closed': reply({}),
  '* /open': reply({ ...open, 'access-control-expose-headers': 'x-shown' }),
  '* /personal': reply({
    'access-control-allow-origin': app,
    'access-control-allow-credentials': 'true',
    'set-cookie': 'api=1; Secure',
  }),
  'OPTIONS /guarded': ({ response }) =>
    response
      .writeHead(204, {
        'access-control-allow-origin': app,
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'x-asked',
      })
      .end(),
  'PUT /guarded': reply({ 'access-control-allow-origin': app }),
  'DELETE /guarded': reply({ 'access-control-allow-origin': app }),
  'GET /away': ({ response }) =>
    response.writeHead(302, { location: 'https://mallory.example:8443/steal', ...open }).end(),
};
