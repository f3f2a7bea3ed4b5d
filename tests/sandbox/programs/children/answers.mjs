// Forked: answers each message, and leaves when it is told to.
process.on('message', (message) => {
  if (message === 'leave') process.disconnect();
  else process.send({ got: message });
});
process.on('disconnect', () => process.exit(6));
process.send(['hello', process.argv.slice(2), process.connected, 'NODE_CHANNEL_FD' in process.env]);
