/**
 * How long `act` keeps this thread's processor busy, in milliseconds. Unlike the time on the wall it does not grow when
 * another test has the processor meanwhile, so that a limit may be close.
 */
export function workOf(act: () => void): number {
  const before = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
