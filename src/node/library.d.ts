/** The one file of Node's that ours import by name; its values are untyped, as all of Node's internal library is. */
declare module 'internal/per_context/primordials' {
  // biome-ignore lint/suspicious/noExplicitAny: values of Node's untyped internal library
  const primordials: any;
  export default primordials;
}
