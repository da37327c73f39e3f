// An application that calls the endpoints for tokens many times, over connections that stay open, at whichever node.
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';

export class TokenClient {
  constructor(clientId, secret, redirect) {
    this.clientId = clientId;
    this.redirect = redirect;
    this.authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
    this.agent = new http.Agent({ keepAlive: true });
  }

  /** Gives { status, body } with the JSON of the answer. It fails if the connection fails: see isOfConnection(). */
  post(origin, path, fields) {
    const body = new URLSearchParams(fields).toString();
    const headers = { authorization: this.authorization, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const sent = http.request(`${origin}${path}`, { method: 'POST', headers, agent: this.agent }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => { text += part; });
        answer.once('error', reject);
        answer.once('end', () => {
          try {
            resolve({ status: answer.statusCode, body: text === '' ? undefined : JSON.parse(text) });
          } catch {
            reject(new Error(`No JSON came (${answer.statusCode}): ${text}`));
          }
        });
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }

  refresh(origin, token, more = {}) {
    return this.post(origin, '/oauth2/token', { grant_type: 'refresh_token', refresh_token: token, ...more });
  }

  redeem(origin, { code, verifier }) {
    return this.post(origin, '/oauth2/token', { grant_type: 'authorization_code', code, redirect_uri: this.redirect, code_verifier: verifier });
  }

  introspect(origin, token) {
    return this.post(origin, '/oauth2/introspect', { token });
  }

  /** A request for a code with PKCE: { fields, verifier }. */
  begin(scope, more = {}) {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    return { verifier, fields: { client_id: this.clientId, redirect_uri: this.redirect, response_type: 'code', scope, state: 'begun',
      code_challenge: challenge, code_challenge_method: 'S256', ...more } };
  }

  /** A code for the person who is logged in in `browser`: { code, verifier }. */
  async getCode(browser, origin, scope, more = {}) {
    const { verifier, fields } = this.begin(scope, more);
    const answer = await browser.send(`${origin}/oauth2/authorize?${new URLSearchParams(fields)}`);
    const code = answer.location && new URL(answer.location).searchParams.get('code');
    if (!code) throw new Error(`No code came: ${answer.status} ${answer.location} ${answer.text}`);
    return { code, verifier };
  }

  close() {
    this.agent.destroy();
  }
}

/** The other side has gone away, before or after it did what it was asked for. */
export function isOfConnection(error) {
  return ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code);
}

/** Does `work` for each of `items`, `width` of them at a time; gives all results. */
export async function forEachAtOnce(items, width, work) {
  const results = [];
  const waiting = [...items.entries()];
  await Promise.all(Array.from({ length: width }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1], next[0]);
  }));
  return results;
}
