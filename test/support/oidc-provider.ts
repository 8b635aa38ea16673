import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

// It says at each start that it is set up for tests, which it is.
for (const level of ['info', 'warn'] as const) {
  const say = console[level];
  console[level] = (...said: unknown[]) => {
    if (!String(said[0]).startsWith('oidc-provider ')) say(...said);
  };
}

export interface TestProvider {
  issuer: string;
  /** Who is logged in at the provider by the next browser that comes. */
  who: string;
  /** The redirect address it knows of its client. */
  knows(redirectUri: string, more?: Configuration): void;
  /** Called when it has given a token, before that is looked at. */
  onToken: () => void;
  close(): Promise<void>;
}

export const client = { id: 'tuban', secret: 'secret-of-the-client-5a4b' };

/** What it says of its people, by what it never gives twice. */
export type People = Record<string, Record<string, unknown>>;

/** A real OpenID provider on this machine, which asks its people no password and no consent. */
export async function startProvider(people: People): Promise<TestProvider> {
  let handle: ((request: IncomingMessage, response: ServerResponse) => unknown) | undefined;
  const server: Server = createServer((request, response) => void handle?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const told: TestProvider = {
    issuer,
    who: '',
    onToken: () => {},
    knows(redirectUri, more = {}) {
      const provider = new Provider(issuer, { ...configuration(redirectUri, people), ...more });
      const callback = provider.callback();
      handle = (request, response) => {
        if (request.url === '/token') response.once('finish', () => told.onToken());
        if (!request.url?.startsWith('/interaction/')) return callback(request, response);
        return provider.interactionFinished(request, response, { login: { accountId: told.who } });
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return told;
}

function configuration(redirectUri: string, people: People): Configuration {
  return {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['a key for tests'] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people[sub] }) }),
    async loadExistingGrant(ctx) {
      const { client: asking, session, provider } = ctx.oidc;
      const grant = new provider.Grant({ clientId: asking!.clientId, accountId: session!.accountId! });
      grant.addOIDCScope('openid profile email groups');
      await grant.save();
      return grant;
    },
  };
}

/** A browser as far as redirects and cookies go. It tells nobody more than the cookie's own site. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async get(address: string | URL, headers: Record<string, string> = {}): Promise<Response> {
    const { origin } = new URL(address);
    const own = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, own);
    const Cookie = [...own].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { redirect: 'manual', headers: { ...headers, Cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      if (/Max-Age=0|expires=Thu, 01 Jan 1970/i.test(line)) own.delete(name);
      else own.set(name, pair.slice(name.length + 1));
    }
    return response;
  }

  /** Follows redirects until one leads to an address that `stop` knows; gives that address. */
  async follow(address: string, stop: (next: URL) => boolean): Promise<URL> {
    let next = new URL(address);
    for (let hops = 0; hops < 12; hops++) {
      const response = await this.get(next);
      const location = response.headers.get('location');
      if (location === null) throw new Error(`no redirect at ${next}: ${response.status} ${await response.text()}`);
      next = new URL(location, next);
      if (stop(next)) return next;
    }
    throw new Error('redirects without end');
  }

  cookie(origin: string, name: string): string | undefined {
    return this.#cookies.get(origin)?.get(name);
  }
}
