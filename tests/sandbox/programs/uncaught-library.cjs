// Uncaught: what Node's library throws where a function returns what it makes of it.
function fail() {
  throw new Error('never called');
}
function read(text) {
  return text === '' ? fail() : decodeURIComponent(text);
}
console.log(read('a%20b'));
read('%');
