/** Why an entry must not be extracted. Whoever knows the entry and the archive makes an error of it. */
export class Refusal extends Error {}
