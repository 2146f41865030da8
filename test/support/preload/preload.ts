/** The NODE_OPTIONS that load one of the modules beside this one into the program and its workers. */
export function preload(
  name: 'shuffledReaddir' | 'changeAtOpen' | 'slowDigest' | 'loadedModules' | 'dyingWorker' | 'slowCall',
): {
  NODE_OPTIONS: string;
} {
  return { NODE_OPTIONS: `--import ${new URL(`./${name}.js`, import.meta.url).href}` };
}
