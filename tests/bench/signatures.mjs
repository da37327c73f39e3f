// Signatures, their validation and time stamps on one core, each beside the bare operation in the same run; and what a
// signature over 100 MiB needs in memory. A figure is how often something runs in a second of the core's own time, so
// that it says the same on a machine that does other work as well; beside it stands how often it ran by the clock.
import { spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const goals = { cades: 5000, xades: 3000, cadesValidation: 800, xadesValidation: 500, stamps: 3000, token: 4000, mib: 64 };

export async function signatures({ Server, row, pin, out, build, cpuSeconds }) {
  fs.mkdirSync(out, { recursive: true });
  const ask = (program, core = 0) => {
    const [first, ...rest] = pin(core, [path.join(build, 'tests/bench', program), '3']);
    const ran = spawnSync(first, rest, { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`${program}: ${ran.stderr}`);
    return JSON.parse(ran.stdout);
  };
  const tell = (name, { per_processor_second: figure, per_second: clock }, goal) => {
    const beside = `${clock} by the clock`;
    row(name, figure, '1/s', goal ? `at least ${goal}; ${beside}` : beside, goal ? figure >= goal : undefined);
  };

  const cades = ask('cades_speed');
  tell('bare ECDSA signature over 10 KiB', cades.bare_signature);
  tell('bare ECDSA verification over 10 KiB', cades.bare_verification);
  tell('CAdES-B, detached, 10 KiB', cades.detached, goals.cades);
  tell('CAdES-B, enveloping, 10 KiB', cades.enveloping, goals.cades);
  tell('CAdES-B read and verified, without its path', cades.read);

  const xades = ask('xades_speed');
  tell('XML of 10 KiB parsed', xades.parse);
  tell('XML of 10 KiB parsed and written in canonical form', xades.parse_and_canonicalize);
  tell('XAdES-B, enveloped, 10 KiB', xades.enveloped, goals.xades);
  tell('XAdES-B read and verified, without its path', xades.read);

  const validation = ask('validation_speed');
  tell('CAdES-B validated, path of 3, revocation at hand', validation.cades, goals.cadesValidation);
  tell('XAdES-B validated, path of 3, revocation at hand', validation.xades, goals.xadesValidation);

  const token = ask('token_speed');
  tell('bare signature over 200 octets', token.software);
  tell('by a token of SoftHSM, one thread', token.token, goals.token);
  tell('by a token of SoftHSM, four threads', token.token_four_threads, goals.token);

  const stamp = ask('timestamp_speed');
  tell('bare signature of a time stamp', stamp.bare_signature);
  tell('time stamp in memory, without number and event', stamp.token);
  await stamps({ Server, row, pin, out, cpuSeconds });
  await largeDocument({ Server, row, build });
}

// Through the door of the authority over HTTP, each with a durable number and a durable event. The driver is wrk on its
// own core.
async function stamps({ Server, row, pin, out, cpuSeconds }) {
  const server = await Server.start({ hash: 'smallest', more: ['[timestamp]', 'each_minute = 100000000'] });
  server.run(['authority', 'create', '--name', 'Bench']);
  server.run(['timestamp', 'authority', 'create']);
  const { client_secret: secret } = JSON.parse(server.run(['client', 'create', 'archive', '--name', 'Archive', '--kind', 'machine', '--scope', 'timestamp', '--json']));
  const query = path.join(out, 'request.tsq');
  const made = spawnSync('openssl', ['ts', '-query', '-digest', crypto.createHash('sha256').update('document').digest('hex'), '-sha256', '-out', query]);
  if (made.status !== 0) throw new Error('openssl makes no request');
  const script = path.join(out, 'stamps.lua');
  fs.writeFileSync(script, [
    `local file = io.open(${JSON.stringify(query)}, "rb")`,
    'wrk.method = "POST"', 'wrk.body = file:read("*a")',
    'wrk.headers["Content-Type"] = "application/timestamp-query"',
    `wrk.headers["Authorization"] = "Basic ${Buffer.from(`archive:${secret}`).toString('base64')}"`,
    // Every answer is a granted token: PKIStatusInfo with the status 0 stands behind the outer header.
    'wrong = 0', 'local taken = {}',
    'function setup(thread) table.insert(taken, thread) end',
    'function response(status, headers, body)',
    '  if status ~= 200 or not string.find(string.sub(body, 1, 12), "\\48\\3\\2\\1\\0", 1, true) then wrong = wrong + 1 end',
    'end',
    'function done() io.write("WRONG " .. taken[1]:get("wrong") .. "\\n") end',
  ].join('\n'));
  const seconds = 5;
  const before = cpuSeconds(server.child.pid);
  const [first, ...rest] = pin(1, ['wrk', '-t1', '-c64', `-d${seconds}s`, '-s', script, `http://127.0.0.1:${server.port}/timestamp`]);
  const told = spawnSync(first, rest, { encoding: 'utf8' }).stdout;
  const worked = cpuSeconds(server.child.pid) - before;
  const count = Number(/(\d+) requests in/.exec(told)?.[1] ?? 0);
  const wrong = Number(/WRONG (\d+)/.exec(told)?.[1] ?? count);
  const figure = count / worked;
  row('time stamps over HTTP, number and event durable', figure, '1/s',
    `at least ${goals.stamps}; ${(count / seconds).toFixed(0)} by the clock, ${wrong} refused`, wrong === 0 && figure >= goals.stamps);
  await server.stop();
}

/// The most that a process ever held, without files that are mapped, in MiB.
const peakMib = (pid) => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/// Runs a command and gives the most memory that it ever held, in MiB.
async function peakOf(program, argv) {
  const child = spawn(program, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let peak = 0;
  let told = '';
  child.stderr.on('data', (part) => { told += part; });
  const watch = setInterval(() => {
    try { peak = Math.max(peak, peakMib(child.pid)); } catch { /* it has ended */ }
  }, 2);
  const status = await new Promise((done) => { child.on('close', done); });
  clearInterval(watch);
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${told}`);
  return peak;
}

// A program sends the digest of a large document, and the server never has it; the command reads the file in pieces.
async function largeDocument({ Server, row, build }) {
  const server = await Server.start();
  server.run(['authority', 'create', '--name', 'Bench']);
  const seal = JSON.parse(server.run(['credential', 'create', '--seal', '--label', 'Seal', '--activation', 'none', '--issue', '--json'])).id;
  const { client_secret: secret } = JSON.parse(server.run(['client', 'create', 'archive', '--name', 'Archive', '--kind', 'machine', '--scope', 'sign', '--json']));
  const large = path.join(server.dir, 'large.bin');
  const small = path.join(server.dir, 'small.bin');
  fs.writeFileSync(large, Buffer.alloc(100 * 1024 * 1024, 7));
  fs.writeFileSync(small, 'small');
  fs.writeFileSync(`/proc/${server.child.pid}/clear_refs`, '5');  // the peak begins here
  const idle = peakMib(server.child.pid);
  const digest = crypto.createHash('sha256').update(fs.readFileSync(large)).digest('base64');
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/sign`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`archive:${secret}`)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ credential_id: seal, packaging: 'detached', documents: [{ name: 'large.bin', document: { digest, algorithm: 'sha256' } }] }),
  });
  const body = await answer.json();
  if (answer.status !== 200) throw new Error(JSON.stringify(body));
  const signature = path.join(server.dir, 'large.p7s');
  fs.writeFileSync(signature, Buffer.from(body.items[0].document, 'base64'));
  const chain = path.join(server.dir, 'chain.pem');
  fs.writeFileSync(chain, await (await fetch(`http://127.0.0.1:${server.port}/pki/chain.pem`)).text());
  const verified = spawnSync('openssl', ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', signature, '-content', large, '-CAfile', chain, '-purpose', 'any', '-out', '/dev/null'], { encoding: 'utf8' });
  if (verified.status !== 0) throw new Error(verified.stderr);
  const beyond = peakMib(server.child.pid) - idle;
  row('server beyond idle, signature over 100 MiB by its digest', beyond, 'MiB', `at most ${goals.mib}`, beyond <= goals.mib);
  const program = path.join(build, 'chancery');
  const sign = (file) => peakOf(program, ['sign', file, '--credential', seal, '--config', server.config]);
  const least = await sign(small);
  const most = await sign(large);
  row('command beyond a small file, signature over 100 MiB', most - least, 'MiB', `at most ${goals.mib}`, most - least <= goals.mib);
  await server.stop();
}
