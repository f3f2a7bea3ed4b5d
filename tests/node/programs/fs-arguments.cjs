// What is no descriptor is refused where the call stands, with a callback or without.
const fs = require('node:fs');

const attempt = (name, body) => {
  try {
    console.log(name, body());
  } catch (error) {
    console.log(name, error.name, error.code, error.message);
  }
};
const nobody = () => console.log('never called');
for (const fd of ['3', undefined, null, {}, 1.5, -1, 2 ** 32, Number.NaN, true]) {
  const name = String(fd);
  attempt(`closeSync ${name}`, () => fs.closeSync(fd));
  attempt(`close ${name}`, () => fs.close(fd, nobody));
  attempt(`fstatSync ${name}`, () => fs.fstatSync(fd));
  attempt(`fstat ${name}`, () => fs.fstat(fd, nobody));
  attempt(`ftruncateSync ${name}`, () => fs.ftruncateSync(fd, 1));
  attempt(`fsync ${name}`, () => fs.fsync(fd, nobody));
  attempt(`readSync ${name}`, () => fs.readSync(fd, Buffer.alloc(1)));
  attempt(`read ${name}`, () => fs.read(fd, Buffer.alloc(1), 0, 1, 0, nobody));
  attempt(`writeSync ${name}`, () => fs.writeSync(fd, 'x'));
  attempt(`write ${name}`, () => fs.write(fd, 'x', nobody));
  attempt(`fchmodSync ${name}`, () => fs.fchmodSync(fd, 0o600));
}
attempt('closeSync 99', () => fs.closeSync(99));
attempt('mkdtempSync', () => fs.mkdtempSync('no/such/folder/x-'));
// One after the other: which of two ends first is not promised.
fs.close(99, (error) => {
  console.log('close 99', error.code, error.message);
  fs.mkdtemp('no/such/folder/x-', (error) => console.log('mkdtemp', error.message.replace(/x-.*/, 'x-')));
});
