/** The Node that package.json's `engines` asks for, as major and minor. */
const NEEDED = [20, 19] as const;

/** Why the program cannot run on a Node of this version (`20.19.0`), or null where it can. */
export function refusal(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
  return isNewEnough ? null : `Cannot run on Node ${version}: expected ${NEEDED.join('.')} or later`;
}
