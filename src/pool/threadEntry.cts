/**
 * What a thread loads first, unless the worker is bundled: then it is the bundle (`src/cli/bundle.mjs`). piscina loads it with
 * `require`, which Node does in one synchronous go for a module of ours: a thread that is ended in the middle of that takes the
 * process down (Node 20.20: "IsGraphAsync must be used on an instantiated module"). With `import` it just ends.
 */
const worker = import('./worker.js');

/** piscina waits for it. */
exports.runTask = worker.then(({ runTask }) => runTask);
