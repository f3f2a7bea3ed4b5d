/**
 * How long this thread has had a processor so far, in milliseconds: for limits on work. Unlike the time on the wall it
 * stands still while another test has the processor.
 */
export function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
