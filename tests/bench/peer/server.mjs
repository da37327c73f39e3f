// The peer of the bench of tokens: npm oidc-provider with its own store in memory, ES256 everywhere, and the smallest
// login, because only its tokens are measured. PORT from the environment.
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const port = Number(process.env.PORT);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'bench', client_secret: 'bench-secret', redirect_uris: ['https://bench.example.org/callback'], scope: 'openid profile offline_access api:read',
    response_types: ['code'], grant_types: ['authorization_code', 'refresh_token', 'client_credentials'], id_token_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'es', use: 'sig', alg: 'ES256' }] },
  scopes: ['openid', 'profile', 'offline_access', 'api:read'],
  claims: { openid: ['sub'], profile: ['name'] },
  cookies: { keys: ['bench'] },
  features: {
    devInteractions: { enabled: false }, clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true, useGrantedResource: () => false,
      getResourceServerInfo: (_ctx, audience) => ({ scope: 'api:read', audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
    },
  },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Ada Number' }) }),
  issueRefreshToken: () => true,
  rotateRefreshToken: () => true,
  expiresWithSession: () => false,
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid profile offline_access');
    await grant.save();
    return grant;
  },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
});
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  ctx.respond = false;
  ctx.res.statusCode = 200;
  return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: 'ada' }, consent: {} }, { mergeWithLastSubmission: false });
});
provider.listen(port, '127.0.0.1');
