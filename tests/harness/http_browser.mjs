// A small browser without a screen: it keeps cookies by host, follows redirects and submits the forms of a page. That is
// enough for a login. It uses node:http, because fetch() cannot send Sec-Fetch-Mode: navigate, which servers examine.
import http from 'node:http';
import https from 'node:https';

function request(url, { method, headers, body, ca }) {
  return new Promise((resolve, reject) => {
    const sent = (url.startsWith('https:') ? https : http).request(url, { method, headers, ca }, (answer) => {
      const text = [];
      answer.on('data', (chunk) => text.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const found = new Headers();
        for (let i = 0; i < answer.rawHeaders.length; i += 2) found.append(answer.rawHeaders[i], answer.rawHeaders[i + 1]);
        resolve({ status: answer.statusCode, headers: found, setCookies: answer.headers['set-cookie'] ?? [], text: Buffer.concat(text).toString('utf8') });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

export class HttpBrowser {
  /** `ca`: PEM of the authority that is trusted for https. */
  constructor(language = 'en', { ca = undefined } = {}) {
    this.language = language;
    this.ca = ca;
    this.cookies = new Map();  // host → Map(name → value); a cookie is valid for all ports of its host
  }

  jar(url) {
    const { hostname } = new URL(url);
    if (!this.cookies.has(hostname)) this.cookies.set(hostname, new Map());
    return this.cookies.get(hostname);
  }

  /** Sends one request and follows no redirect. The answer has `text` and `location` (absolute, or null). */
  async send(url, { form = undefined, headers = {} } = {}) {
    const jar = this.jar(url);
    const all = {
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'accept-language': this.language,
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      ...headers,
    };
    if (jar.size > 0) all.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (form) Object.assign(all, { origin: new URL(url).origin, 'content-type': 'application/x-www-form-urlencoded' });
    const body = form && new URLSearchParams(form).toString();
    if (body) all['content-length'] = Buffer.byteLength(body);
    const answer = await request(url, { method: form ? 'POST' : 'GET', headers: all, body, ca: this.ca });
    for (const line of answer.setCookies) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      const gone = value === '' || attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=thu, 01[ -]jan[ -]1970/i.test(one));
      if (gone) jar.delete(name); else jar.set(name, value);
    }
    const location = answer.headers.get('location');
    return { url, status: answer.status, headers: answer.headers, text: answer.text, location: location && new URL(location, url).href };
  }

  /** Follows redirects until a page comes, or until `stop(url)` is true: then `location` is the URL that was not requested. */
  async follow(answer, stop = () => false) {
    let now = answer;
    for (let hops = 0; now.location && hops < 20; hops += 1) {
      if (stop(now.location)) return now;
      now = await this.send(now.location);
    }
    return now;
  }

  async open(url, stop) {
    return this.follow(await this.send(url), stop);
  }

  /** Submits the first form whose action contains `action`, with its hidden fields and `fields`. */
  async submit(page, action, fields, stop) {
    const found = [...page.text.matchAll(/<form\b[^>]*\baction="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].find((form) => form[1].includes(action));
    if (!found) throw new Error(`There is no form for ${action} on ${page.url} (${page.status}):\n${page.text.slice(0, 2000)}`);
    const hidden = {};
    for (const [input] of found[2].matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
      hidden[/name="([^"]*)"/.exec(input)[1]] = unescape(/value="([^"]*)"/.exec(input)?.[1] ?? '');
    }
    const target = new URL(unescape(found[1]), page.url).href;
    return this.follow(await this.send(target, { form: { ...hidden, ...fields } }), stop);
  }

  /** Submits the login form of the page and, if the server asks for it, the choice of `context`. */
  async logIn(page, person, context, stop) {
    const after = await this.submit(page, '/login/password', { login: person.login, password: person.password }, stop);
    if (after.location || !after.text.includes('name="context"')) return after;
    return this.submit(after, '/login/context', { context }, stop);
  }
}

function unescape(text) {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
