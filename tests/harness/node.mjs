// One server of several on one PostgreSQL: an operating system's process of its own that can be killed.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildFolder, Child, findFreePort, run } from './demo.mjs';

const master = 'a7'.repeat(32);

export class Node {
  /** `folder`: its own. Each start adds to `stops` what kills the process. */
  constructor(folder, stops) {
    this.folder = folder;
    this.stops = stops;
    this.configuration = `${folder}.toml`;
    this.env = { ...process.env, CHANCERY_MASTER_KEY: master };
  }

  /** `issuer`: "" = the node's own address; `socketFolder`: of PostgreSQL; `more`: lines of the configuration before its tables. */
  async configure(issuer, socketFolder, more = []) {
    this.port = await findFreePort();
    await mkdir(this.folder);
    await writeFile(this.configuration, [
      `issuer = "${issuer || `http://localhost:${this.port}`}"`, `data_dir = "${this.folder}"`, ...more,
      '[[listener]]', 'name = "http"', 'address = "127.0.0.1"', `port = ${this.port}`,
      '[metrics]', `listen = "127.0.0.1:${await findFreePort()}"`,
      '[database]', `url = "postgresql:///postgres?host=${encodeURIComponent(socketFolder)}&user=chancery"`, ''].join('\n'));
  }

  async start() {
    this.process = new Child(path.join(buildFolder, 'chancery'), ['serve', '--config', this.configuration], { env: this.env });
    this.stops.push(() => this.process.stop('SIGKILL'));
    await this.process.waitFor('the node is ready', () => this.isReady());
  }

  async isReady() {
    try {
      const { status } = await fetch(`http://127.0.0.1:${this.port}/readyz`);
      assert.ok(status === 200 || status === 503, `readyz says ${status}`);
      return status === 200;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return false;
    }
  }

  command(args, input = '') {
    return run(path.join(buildFolder, 'chancery'), [...args, '--config', this.configuration], { input, env: this.env });
  }
}
