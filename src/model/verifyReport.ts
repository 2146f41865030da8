import type { ContainerSummary } from './container.js';
import type { FieldDifference } from './diffReport.js';

/**
 * What a verification found. `verify --json` prints it as it is; within one `schema` number, fields are only added. Names
 * are printable text.
 */
export interface VerifyReport {
  readonly schema: 'kheaders-pack/verify/1';
  readonly archive: string;
  readonly mode: 'container' | 'integrity' | 'reproduction';
  readonly verdict: Verdict;
  /** Why the verdict is not the best one, the first line says most; of one that is, what the manifest says and is not so. */
  readonly findings: readonly string[];
  /** Null where reading did not come to its end. */
  readonly container: ContainerSummary | null;
  /** Entries and bytes of the tar; null in mode `container`, and where reading did not come to its end. */
  readonly tar: { readonly size: number; readonly entries: number } | null;
  /** The manifest compared with, or null. */
  readonly manifest: string | null;
  /** What was rebuilt, and how that compares; null in the other modes, and of an archive that is bad or unsupported. */
  readonly rebuild: RebuildReport | null;
}

/**
 * `good`, `bad` and `unsupported` are of the archive as it stands; the others of a rebuild: the same archive, the same tar
 * in another compression, or another tar.
 */
export type Verdict = 'good' | 'bad' | 'unsupported' | 'reproduced' | 'contents reproduced' | 'not reproduced';

export interface RebuildReport {
  /** Settings by option, and where each is from. */
  readonly settings: readonly RebuiltSetting[];
  /** Why the compressed bytes were not compared; null where they were. */
  readonly notCompared: string | null;
  /** Blocks of the archive, counted from 1, that the rebuild does not have; null where they were not compared. */
  readonly blocks: readonly number[] | null;
  /** Whether it was stopped at the first difference. */
  readonly stopped: boolean;
  readonly onlyInArchive: readonly string[];
  readonly onlyInRebuild: readonly string[];
  readonly contents: readonly string[];
  readonly fields: readonly FieldDifference[];
  /** Entries that stand elsewhere. */
  readonly moved: number;
}

export interface RebuiltSetting {
  readonly setting: string;
  readonly value: string;
  readonly from: 'manifest' | 'option' | 'archive' | 'default';
}
