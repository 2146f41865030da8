/** What `kheaders-pack module` wrote. `--json` prints it as it is; within one `schema` number, fields are only added. */
export interface ModuleSummary {
  readonly schema: 'kheaders-pack/module/1';
  readonly directory: string;
  /** Size in bytes, SHA-256 in hexadecimal. */
  readonly archive: { readonly size: number; readonly sha256: string };
  /** Names of the files in the directory. */
  readonly files: readonly string[];
}
