// The simulator of power failures itself: what it keeps and what it loses.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeFolder, run } from '../harness/demo.mjs';
import { chooseSeed, scribe, simulation, survive } from './power.mjs';

const first = chooseSeed();
const seeds = Array.from({ length: 100 }, (_, i) => first * 1000 + i);
let place;
let number = 0;
before(async () => { place = await makeFolder('power'); });
after(() => rm(place, { recursive: true, force: true }));

/** Has the scribe do steps one after another in a new folder; `earlier` stand before the tape begins. */
async function write(steps, { earlier = [], ...options } = {}) {
  number += 1;
  const [base, folder, tape] = ['base', 'folder', 'tape'].map((name) => path.join(place, `${name}-${number}`));
  await mkdir(base);
  await mkdir(folder);
  for (const where of [base, folder]) {
    const done = await run('/bin/sh', ['-c', 'cd "$0" && exec "$@"', where, scribe, ...earlier]);
    assert.equal(done.status, 0, done.err);
  }
  const env = { ...simulation({ folder, tape, ...options }) };
  const done = await run('/usr/bin/env', ['--chdir', folder, scribe, ...steps], { env });
  return { base, folder, tape, status: done.status, err: done.err };
}

/** The files of a folder: name → content. */
async function read(folder) {
  const files = {};
  for (const name of await readdir(folder)) files[name] = await readFile(path.join(folder, name), 'latin1');
  return files;
}

/** What is left after power failures with many seeds, each outcome once: a set of JSON. */
async function outcomes(written, pick = (files) => files) {
  const all = new Set();
  for (const seed of seeds) {
    const target = path.join(place, `survived-${number}-${seed}`);
    await survive({ ...written, target, seed });
    all.add(JSON.stringify(pick(await read(target))));
    await rm(target, { recursive: true });
  }
  return all;
}

test('what was synced always survives, with its name if its folder was synced too', async () => {
  const written = await write(['make:a', 'write:a:0:x:3000', 'size:a:2000', 'sync:a', 'names']);
  assert.deepEqual([...await outcomes(written)], [JSON.stringify({ a: 'x'.repeat(2000) })]);
});

test('a name whose folder was not synced may be lost', async () => {
  const all = await outcomes(await write(['write:a:0:x:10', 'sync:a']));
  assert.deepEqual(all, new Set([JSON.stringify({ a: 'x'.repeat(10) }), '{}']));
});

test('a file that was removed or renamed may still be there under its name', async () => {
  const removed = await outcomes(await write(['remove:a'], { earlier: ['write:a:0:x:1'] }));
  assert.deepEqual(removed, new Set(['{"a":"x"}', '{}']));
  const renamed = await outcomes(await write(['rename:a:b'], { earlier: ['write:a:0:x:1', 'write:b:0:y:1'] }));
  assert.deepEqual(renamed, new Set(['{"a":"x","b":"y"}', '{"b":"x"}']));
  const linked = await outcomes(await write(['link:a:b', 'remove:a'], { earlier: ['write:a:0:x:1'] }));
  assert.deepEqual(linked, new Set(['{"a":"x"}', '{"a":"x","b":"x"}', '{"b":"x"}']));
});

test('a write that was not synced is kept, dropped or torn between sectors', async () => {
  const all = [...await outcomes(await write(['write:a:100:y:2000'], { earlier: ['write:a:0:x:2400'] }), (files) => files.a)];
  const outside = all.every((text) => JSON.parse(text).slice(0, 100) === 'x'.repeat(100) && JSON.parse(text).slice(2100) === 'x'.repeat(300));
  assert.ok(outside);
  const sectors = all.map((text) => [100, 512, 1024, 1536, 2048].map((from, i, starts) => {
    const part = JSON.parse(text).slice(from, starts[i + 1] ?? 2100);
    assert.ok(/^(x+|y+)$/.test(part), 'a sector is old or new as a whole');
    return part[0];
  }).join(''));
  assert.ok(sectors.includes('xxxxx'), 'dropped');
  assert.ok(sectors.includes('yyyyy'), 'kept');
  assert.ok(sectors.some((one) => one.includes('x') && one.includes('y')), 'torn');
});

test('a later write may survive an earlier one', async () => {
  const all = await outcomes(await write(['write:a:0:1:1', 'write:a:1:2:1'], { earlier: ['write:a:0:0:2'] }), (files) => files.a);
  assert.deepEqual(all, new Set(['"00"', '"10"', '"02"', '"12"']));
});

test('a shortened file may have its old length', async () => {
  const all = await outcomes(await write(['size:a:1'], { earlier: ['write:a:0:x:3'] }), (files) => files.a);
  assert.deepEqual(all, new Set(['"x"', '"xxx"']));
});

test('with fdatasync made to do nothing, what was synced may be lost', async () => {
  const steps = ['write:a:0:x:1', 'sync:a', 'names'];
  assert.ok((await outcomes(await write(steps, { without: 'fdatasync' }))).has('{"a":""}'));
  assert.ok(!(await outcomes(await write(steps))).has('{"a":""}'));
});

test('the power fails before the chosen change, or when the tape was shorter', async () => {
  const written = await write(['write:a:0:x:1', 'write:a:1:y:1', 'sync:a', 'names', 'write:a:0:z:1'], { failsAt: 8 });
  assert.equal(written.status, null, 'the process was killed');
  assert.deepEqual(await read(written.folder), { a: 'xy' });
  assert.deepEqual([...await outcomes(written)], ['{"a":"xy"}']);
  const early = await outcomes({ ...written, until: 60 });
  assert.ok(!early.has('{"a":"xy"}') && early.has('{}'));
});

test('without a power failure everything is there', async () => {
  const written = await write(['write:a:0:x:10', 'size:a:4', 'write:b:2:y:1', 'rename:b:c', 'remove:d', 'link:a:f'], { earlier: ['make:d', 'make:e'] });
  const target = path.join(place, 'everything');
  await survive({ ...written, target });
  assert.deepEqual(await read(target), { a: 'xxxx', c: '\0\0y', e: '', f: 'xxxx' });
  assert.deepEqual(await read(target), await read(written.folder));
});
