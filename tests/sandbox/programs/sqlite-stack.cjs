// The stack of an error in a function that SQLite calls: the program's frames, on both sides of SQLite's.
const { DatabaseSync } = require('node:sqlite');

const db = new DatabaseSync(':memory:');
db.function('limited', function limited(value) {
  if (value > 1) throw new RangeError(`${value} is too much`);
  return value;
});
function find(value) {
  return db.prepare('SELECT limited(?)').all(value);
}
console.log(find(1), Error.stackTraceLimit);
find(2);
