// The files of a ZIP archive whose entries are stored without compression.
import assert from 'node:assert/strict';

export function unzip(octets) {
  const files = {};
  let at = octets.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = octets.readUInt16LE(at + 10);
  at = octets.readUInt32LE(at + 16);
  for (let i = 0; i < count; i += 1) {
    assert.equal(octets.readUInt16LE(at + 10), 0, 'stored');
    const size = octets.readUInt32LE(at + 20);
    const nameSize = octets.readUInt16LE(at + 28);
    const head = octets.readUInt32LE(at + 42);
    const name = octets.subarray(at + 46, at + 46 + nameSize).toString();
    const begin = head + 30 + octets.readUInt16LE(head + 26) + octets.readUInt16LE(head + 28);
    files[name] = octets.subarray(begin, begin + size);
    at += 46 + nameSize + octets.readUInt16LE(at + 30) + octets.readUInt16LE(at + 32);
  }
  return files;
}
