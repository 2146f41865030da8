/**
 * An ActionResult of the Remote Execution API, version 2 (build.bazel.remote.execution.v2, remote_execution.proto), that
 * names one blob: what cache servers such as bazel-remote expect under `/ac/`. The few fields that are needed are encoded
 * here, in protobuf's wire format (protobuf.dev, "Encoding"); a library for it would weigh more than all of this program.
 *
 *     message ActionResult { repeated OutputFile output_files = 2; ... }
 *     message OutputFile   { string path = 1; Digest digest = 2; ... }
 *     message Digest       { string hash = 1; int64 size_bytes = 2; }
 */
export interface BlobDigest {
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
}

/** The name of the one output file. */
const PATH = 'block';

const OUTPUT_FILES = 2;
const FILE_PATH = 1;
const FILE_DIGEST = 2;
const DIGEST_HASH = 1;
const DIGEST_SIZE = 2;

// Wire types.
const VARINT = 0;
const I64 = 1;
const LEN = 2;
const I32 = 5;

export function encodeActionResult({ hash, size }: BlobDigest): Buffer {
  const digest = Buffer.concat([
    lengthDelimited(DIGEST_HASH, Buffer.from(hash)),
    tag(DIGEST_SIZE, VARINT),
    varint(size),
  ]);
  const file = [lengthDelimited(FILE_PATH, Buffer.from(PATH)), lengthDelimited(FILE_DIGEST, digest)];
  return lengthDelimited(OUTPUT_FILES, Buffer.concat(file));
}

/** The blob that the first output file names; null where the bytes are no ActionResult, or name none. */
export function decodeActionResult(bytes: Buffer): BlobDigest | null {
  const file = lastField(fieldsOf(bytes), OUTPUT_FILES);
  const digest = lastField(fieldsOf(file), FILE_DIGEST);
  const fields = fieldsOf(digest);
  const hash = lastField(fields, DIGEST_HASH)?.toString('latin1') ?? '';
  const size = fields?.findLast(({ number, value }) => number === DIGEST_SIZE && typeof value === 'number')?.value;
  return /^[0-9a-f]{64}$/.test(hash) && typeof size === 'number' ? { hash, size } : null;
}

interface Field {
  readonly number: number;
  /** Of a varint its value, of what is length-delimited its bytes; others are left out. */
  readonly value: number | Buffer;
}

/** The fields of a message; null where the bytes are none, or there are no bytes. */
function fieldsOf(bytes: Buffer | null): Field[] | null {
  if (bytes === null) return null;
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const key = readVarint(bytes, at);
    if (key === null) return null;
    at = key.end;
    const [number, type] = [Math.floor(key.value / 8), key.value % 8];
    if (type === VARINT || type === LEN) {
      const read = readVarint(bytes, at);
      if (read === null) return null;
      at = read.end;
      if (type === LEN) at += read.value;
      if (at > bytes.length) return null;
      fields.push({ number, value: type === LEN ? bytes.subarray(read.end, at) : read.value });
    } else if (type === I64 || type === I32) {
      at += type === I64 ? 8 : 4;
      if (at > bytes.length) return null;
    } else {
      return null;
    }
  }
  return fields;
}

function lastField(fields: readonly Field[] | null, number: number): Buffer | null {
  const value = fields?.findLast(field => field.number === number && Buffer.isBuffer(field.value))?.value;
  return Buffer.isBuffer(value) ? value : null;
}

function lengthDelimited(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([tag(number, LEN), varint(bytes.length), bytes]);
}

function tag(number: number, type: number): Buffer {
  return varint(number * 8 + type);
}

/** Seven bits a byte, the lowest first; all but the last have the high bit set. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** Null where the varint does not end, or is no safe integer. */
function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * 128 ** (at - start);
    if (!Number.isSafeInteger(value)) return null;
    if (byte < 128) return { value, end: at + 1 };
  }
  return null;
}
