/**
 * Module namespace objects, ECMA-262 §10.4.6: every export is an own, enumerable, writable property that cannot be written
 * or removed; reading one whose binding is not initialised yet throws.
 */

const namespaces = new WeakSet<object>();

/** What `util.types.isModuleNamespaceObject` asks. */
export function isModuleNamespace(value: unknown): boolean {
  return typeof value === 'object' && value !== null && namespaces.has(value);
}

export function createNamespace(bindings: ReadonlyMap<string, () => unknown>): object {
  const target = Object.create(null) as Record<PropertyKey, unknown>;
  // Code unit order, as the specification sorts them.
  const names = [...bindings.keys()].sort((one, other) => (one < other ? -1 : 1));
  for (const name of names) {
    Object.defineProperty(target, name, {
      value: undefined,
      writable: true,
      enumerable: true,
      configurable: false,
    });
  }
  Object.defineProperty(target, Symbol.toStringTag, { value: 'Module' });
  Object.preventExtensions(target);
  const refuse = (name: PropertyKey): never => {
    if (!Object.hasOwn(target, name)) {
      throw new TypeError(`Cannot add property ${String(name)}, object is not extensible`);
    }
    throw new TypeError(`Cannot assign to read only property '${String(name)}' of object '[object Module]'`);
  };
  const namespace = new Proxy(target, {
    get: (_, name) => {
      const read = typeof name === 'string' ? bindings.get(name) : undefined;
      return read ? read() : target[name];
    },
    getOwnPropertyDescriptor: (_, name) => {
      const read = typeof name === 'string' ? bindings.get(name) : undefined;
      if (!read) return Object.getOwnPropertyDescriptor(target, name);
      return { value: read(), writable: true, enumerable: true, configurable: false };
    },
    defineProperty: (_, name, wanted) => {
      const read = typeof name === 'string' ? bindings.get(name) : undefined;
      if (!read) return Reflect.defineProperty(target, name, wanted);
      if (wanted.configurable || wanted.enumerable === false || wanted.get || wanted.set) return false;
      if (wanted.writable === false) return false;
      return !('value' in wanted) || Object.is(wanted.value, read());
    },
    set: (_, name) => refuse(name),
    deleteProperty: (_, name) => {
      if (!Object.hasOwn(target, name)) return true;
      throw new TypeError(`Cannot delete property '${String(name)}' of [object Module]`);
    },
    setPrototypeOf: (_, prototype) => prototype === null,
  });
  namespaces.add(namespace);
  return namespace;
}
