/** The stages of a pack, in order. */
export type PackStage = 'walk' | 'scan' | 'plan' | 'compress';

/** The stages of every command. */
export type Stage = PackStage | 'decode' | 'extract' | 'compare';

/** How far a stage has come. Sent often; the receiver thins it out. */
export interface Progress {
  readonly stage: Stage;
  /** Bytes of the stage's input that are behind us; fewer than before when an odd archive is read once more. */
  readonly bytes: number;
  /** Bytes of the stage's input in all, or null while that is not known. */
  readonly totalBytes: number | null;
}
