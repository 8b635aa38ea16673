import { readFile } from 'node:fs/promises';
import * as client from 'openid-client';
import { ServiceError } from '../../error.ts';
import type { Claims, Mapping } from './mapping.ts';

export interface OidcSettings {
  /** Address of the provider; http only on this machine. */
  issuer: string;
  clientId: string;
  /** One of the two, or neither: a client without a secret. The file is read when it is needed. */
  clientSecret: string | null;
  clientSecretFile: string | null;
  /** What is asked for, in words of the provider. */
  scope: string;
  mapping: Mapping;
}

/** What only the browser that began a log-in can end it with. */
export interface Begun {
  state: string;
  nonce: string;
  verifier: string;
}

/** Who somebody is, as the provider vouches. */
export interface Vouched {
  issuer: string;
  subject: string;
  claims: Claims;
}

const patienceSeconds = 10;

/** A provider that logs people in: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0). */
export class OidcProvider {
  readonly #settings: OidcSettings;
  #found: Promise<client.Configuration> | null = null;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
  }

  /** Where the browser is sent. @throws ServiceError busy where the provider does not answer */
  async begin(redirectUri: string): Promise<{ address: URL; begun: Begun }> {
    const provider = await this.#provider();
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    const address = client.buildAuthorizationUrl(provider, {
      ...{ redirect_uri: redirectUri, response_type: 'code', scope: this.#settings.scope, state, nonce },
      ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    });
    return { address, begun: { state, nonce, verifier } };
  }

  /**
   * Who came back to `address`. What the provider says of the person is taken from where it sends the token and from
   * nobody else.
   *
   * @throws ServiceError unauthenticated for whatever does not fit what was begun; busy where the provider fails
   */
  async end(address: URL, begun: Begun): Promise<Vouched> {
    const provider = await this.#provider();
    try {
      const checks = { pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce };
      const tokens = await client.authorizationCodeGrant(provider, address, { ...checks, idTokenExpected: true });
      const said = tokens.claims()!;
      const more =
        provider.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await client.fetchUserInfo(provider, tokens.access_token, said.sub);
      return { issuer: said.iss, subject: said.sub, claims: { ...more, ...said } };
    } catch (error) {
      throw refusal(error);
    }
  }

  #provider(): Promise<client.Configuration> {
    this.#found ??= this.#discover().catch((error: unknown) => {
      this.#found = null;
      throw new ServiceError('busy', 'The log-in provider does not answer (统一认证无响应).', undefined, error);
    });
    return this.#found;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret, clientSecretFile } = this.#settings;
    const secret = clientSecretFile === null ? clientSecret : (await readFile(clientSecretFile, 'utf8')).trim();
    const authentication = secret === null ? client.None() : client.ClientSecretBasic(secret);
    const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
    const options = { execute, timeout: patienceSeconds };
    return client.discovery(new URL(issuer), clientId, undefined, authentication, options);
  }
}

/** The library's reasons name what did not fit, and hold no token; the log keeps them. */
function refusal(error: unknown): ServiceError {
  const { code, error: said } = error as { code?: string; error?: string };
  const cause = (error as Error).cause as { code?: string } | undefined;
  const unreachable = code === 'OAUTH_TIMEOUT' || cause?.code === 'ECONNREFUSED' || cause?.code === 'ENOTFOUND';
  if (unreachable)
    return new ServiceError('busy', 'The log-in provider does not answer (统一认证无响应).', undefined, error);
  const reason = said ?? code ?? 'what came back is no answer';
  const wanted = 'The log-in provider’s answer must fit the log-in that was begun (统一认证应答无效)';
  return new ServiceError('unauthenticated', `${wanted}; got ${reason}.`, undefined, error);
}
