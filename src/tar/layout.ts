/** The fields of an entry header in file order, in bytes (POSIX, "ustar Interchange Format"; GNU tar's manual, "Basic Tar Format"). */
export interface Field {
  readonly at: number;
  readonly width: number;
}

export const NAME: Field = { at: 0, width: 100 };
export const MODE: Field = { at: 100, width: 8 };
export const UID: Field = { at: 108, width: 8 };
export const GID: Field = { at: 116, width: 8 };
export const SIZE: Field = { at: 124, width: 12 };
export const MTIME: Field = { at: 136, width: 12 };
export const CHKSUM: Field = { at: 148, width: 8 };
export const TYPEFLAG: Field = { at: 156, width: 1 };
export const LINKNAME: Field = { at: 157, width: 100 };
/** With the version behind it: `ustar\0` `00` or, GNU's, `ustar ` ` \0`. */
export const MAGIC: Field = { at: 257, width: 8 };
export const UNAME: Field = { at: 265, width: 32 };
export const GNAME: Field = { at: 297, width: 32 };
/** Device numbers; V7 has none. */
export const DEVMAJOR: Field = { at: 329, width: 8 };
export const DEVMINOR: Field = { at: 337, width: 8 };
/** POSIX only: what goes before the name, with a slash between. GNU tar has time stamps and sparse maps there. */
export const PREFIX: Field = { at: 345, width: 155 };

/** Whether a sparse map goes on in a record of its own: in GNU tar's entry header of type `S`, and in such a record. */
export const SPARSE_EXTENDED: Field = { at: 482, width: 1 };
export const SPARSE_EXTENDED_AGAIN: Field = { at: 504, width: 1 };
