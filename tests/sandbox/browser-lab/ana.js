// A server on the person's own machine, for certificates good and bad. It has no pages.
module.exports = {};
