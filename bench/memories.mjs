// Counts every linear memory that this process makes, by wrapping the constructors: contenders expose theirs in different ways or not at all.

/** Starts counting. The function that it returns gives the bytes of all memories so far. */
export function watchMemories() {
  const memories = new Set();
  const { Instance, Memory, instantiate } = WebAssembly;
  const see = (...tables) => {
    for (const value of tables.flatMap((table) => Object.values(table ?? {}))) {
      if (value instanceof Memory) memories.add(value);
    }
  };
  const seeInstance = (instance, imports) => {
    see(instance.exports, ...Object.values(imports ?? {}));
    return instance;
  };

  WebAssembly.Instance = new Proxy(Instance, {
    construct: (target, [module, imports]) => seeInstance(new target(module, imports), imports),
  });
  WebAssembly.instantiate = async (source, imports) => {
    const made = await instantiate(source, imports);
    seeInstance(made.instance ?? made, imports);
    return made;
  };
  return () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}
