// An OpenID provider for the tests (oidc-provider): prints its port, and ends when its standard input closes.
// A line on standard input makes it sign with another key from then on; it answers with a line.
// Usage: node oidc_server.mjs CLIENT_ID CLIENT_SECRET BACK_URL
// Whoever signs in at its page, with any password, is the person of that name: NAME@example.org, known to be theirs.
import http from 'node:http';
import readline from 'node:readline';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const [clientId, clientSecret, backUrl] = process.argv.slice(2);
let provider;

// What the provider has to say goes elsewhere: standard output is for our answers alone.
console.log = console.info = console.warn = console.error;
const answer = (line) => process.stdout.write(`${line}\n`);

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

// What was given out lives on when the keys change, as it would in a database.
const kept = new Map();
class Kept {
  constructor(kind) { this.kind = kind; }
  async upsert(id, payload) { kept.set(`${this.kind}:${id}`, { ...payload }); }
  async find(id) { return kept.get(`${this.kind}:${id}`); }
  async findByUid(uid) {
    return [...kept].find(([key, each]) => key.startsWith(`${this.kind}:`) && each.uid === uid)?.[1];
  }
  async findByUserCode() { return undefined; }
  async consume(id) { kept.get(`${this.kind}:${id}`).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { kept.delete(`${this.kind}:${id}`); }
  async revokeByGrantId(grantId) {
    for (const [key, each] of kept) if (each.grantId === grantId) kept.delete(key);
  }
}

function made(port) {
  return new Provider(`http://127.0.0.1:${port}`, {
    adapter: Kept,
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [backUrl] }],
    cookies: { keys: ['a key of tests'] },
    jwks: { keys: [newKey()] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    findAccount: async (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: `${id}@example.org`, email_verified: true, name: `${id} of the tests` }),
    }),
  });
}

const server = http.createServer((request, response) => provider.callback()(request, response));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  provider = made(port);
  answer(port);
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', () => {
    provider = made(port);
    answer('rotated');
  });
  lines.on('close', () => process.exit(0));
});
