// Why not Node's: the clock is the browser's.
const clock = globalThis.performance;
module.exports = {
  now: () => clock.now(),
  getTimeOriginTimestamp: () => clock.timeOrigin,
  getMilestoneTimestamp: () => 0,
};
