/** A row of the fault table. */
export interface Row {
  readonly fault: string;
  readonly command: string;
  readonly runs: number;
  /** Runs that the fault reached before they had ended. */
  readonly hits: number;
  /** What was not as it should be, in words. */
  readonly wrong: readonly string[];
}
