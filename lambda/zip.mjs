// A zip archive that depends on nothing but its content: names in the order given, one fixed date, no extra fields.
// Source: PKWARE APPNOTE 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16.

import { deflateRawSync } from 'node:zlib';

const DATE = (1980 - 1980) << 9 | 1 << 5 | 1; // 1980-01-01, the format's first day
const DEFLATED = 8;
const UTF8_NAMES = 1 << 11;
const VERSION = 20;
const UNIX = 3 << 8;
const REGULAR_0644 = (0o100644 << 16) >>> 0;

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * @param {{name: string, bytes: Uint8Array}[]} files  each below 4 GB
 * @returns {Buffer}
 */
export function zip(files) {
  const bodies = [];
  const directory = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const encodedName = Buffer.from(name);
    const data = deflateRawSync(bytes, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt16LE(0, 6);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(encodedName.length, 22);

    const attributes = Buffer.alloc(14); // no comment, disk 0, no internal attributes
    attributes.writeUInt32LE(REGULAR_0644, 6);
    attributes.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02'), uint16(VERSION | UNIX), common, attributes, encodedName);

    const body = [Buffer.from('PK\x03\x04'), common, encodedName, data];
    bodies.push(...body);
    offset += body.reduce((sum, part) => sum + part.length, 0);
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listed, end]);
}

function uint16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** CRC-32 of ISO 3309, as zip wants it; `node:zlib` has it only since 20.15. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
