// Nobody listens to the request's 'error'.
require('node:http').get({ host: '127.0.0.1', port: 1 });
