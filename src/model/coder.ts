/** A filter as a decoder takes it: its Filter Flags, understood. */
export type Coder =
  | { readonly kind: 'lzma2'; readonly dictionarySize: number }
  /** `distance` in bytes, 1 to 256. */
  | { readonly kind: 'delta'; readonly distance: number }
  | { readonly kind: BranchFilter };

/** The filters for executables (.xz specification, section 5.3.2) that liblzma 5.2 knows. */
export type BranchFilter = 'x86' | 'powerpc' | 'ia64' | 'arm' | 'armthumb' | 'sparc';
