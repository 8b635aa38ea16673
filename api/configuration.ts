import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { MAPPING_WANTED, readMapping } from '../services/access/oidc/mapping.ts';
import type { OidcSettings } from '../services/access/oidc/provider.ts';
import { ServiceError } from '../services/error.ts';
import { type MailSettings, readMailUrl } from '../services/notify/mail/transport.ts';
import { REACHES, type Reach } from '../services/schedule/month-work.ts';
import { isCronLine } from '../services/schedule/monthly.ts';

/** key: who shows one; local: also who asks from this machine. */
const metricsFor = ['key', 'local', 'public', 'off'] as const;

export type MetricsFor = (typeof metricsFor)[number];

/** What the environment may say: the only place in the program where it is read. */
export interface Configuration {
  /** Absolute path of the workspace folder. */
  home: string;
  host: string;
  /** 0 = any free port. */
  port: number;
  /** When the monthly run starts, as cron in Asia/Shanghai; null = never by itself. */
  schedule: string | null;
  /** How far the schedule goes by itself after a run. */
  reach: Reach;
  /** Worker threads of a run. */
  workers: number;
  logLevel: LogLevel;
  /** Whether it is noted who reads what over the API. */
  readLog: boolean;
  /** postgres:// address of the database, or null: SQLite in the workspace folder. */
  database: string | null;
  /** The mail server, or null: no mail is sent. */
  mail: MailSettings | null;
  /** How much one caller of the API may ask for; null: as much as they like. */
  rate: { perSecond: number; burst: number } | null;
  /** Addresses and networks of our own proxies. */
  trustedProxies: string[];
  /** Who may read /metrics. */
  metricsFor: MetricsFor;
  /** Origins of other sites whose pages may ask, with a key. */
  origins: string[];
  /** Map tiles of another server under the console's map, with {z}, {x} and {y}; null: only our own images. */
  basemap: { url: string; attribution: string } | null;
  /** Who else logs people in; null: passwords alone. */
  oidc: OidcSettings | null;
  /** For so long a server that is to stop goes on, not ready, until balancers have noticed. */
  drainSeconds: number;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One variable: what is wanted in words, what it is when nobody says, and how it is read. */
const variables = {
  TUBAN_HOME: { wanted: 'a folder', value: z.string().default('.tuban') },
  HOST: { wanted: 'a host name or address to listen on', value: z.string().regex(/^\S+$/).default('127.0.0.1') },
  PORT: { wanted: 'a port from 0 to 65535', value: integer(0, 65535).default(8787) },
  TUBAN_SCHEDULE: {
    wanted: "a cron line such as '0 2 1 * *', or off",
    value: z
      .string()
      .refine((text) => text === 'off' || isCronLine(text))
      .default('0 2 1 * *'),
  },
  TUBAN_SCHEDULE_REACH: { wanted: `one of ${REACHES.join(', ')}`, value: z.enum(REACHES).default('open') },
  TUBAN_WORKERS: { wanted: 'a whole number from 1 to 256', value: integer(1, 256).default(availableParallelism()) },
  TUBAN_LOG: { wanted: `one of ${logLevels.join(', ')}`, value: z.enum(logLevels).default('warn') },
  TUBAN_READ_LOG: { wanted: 'on or off', value: z.enum(['on', 'off']).default('on') },
  TUBAN_DATABASE: {
    wanted: 'a postgres:// address',
    value: z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/)
      .optional(),
  },
  TUBAN_SMTP: {
    wanted: 'smtp://user:password@host:587 or smtps://host:465',
    value: z.string().refine(isMailUrl).optional(),
  },
  TUBAN_MAIL_FROM: {
    wanted: 'a mail address, name@host',
    value: z
      .string()
      .regex(/^[^\s@<>",;:]+@[^\s@<>",;:]+$/)
      .optional(),
  },
  TUBAN_RATE: {
    wanted: 'requests a second / at once, such as 50/200, or off',
    value: z
      .string()
      .regex(/^(off|[1-9]\d{0,5}\/[1-9]\d{0,5})$/)
      .default('50/200'),
  },
  TUBAN_TRUSTED_PROXY: {
    wanted: 'addresses or networks of proxies, separated by commas',
    value: z
      .string()
      .regex(/^[\da-fA-F.:/]+( *, *[\da-fA-F.:/]+)*$/)
      .default(''),
  },
  TUBAN_METRICS: { wanted: `one of ${metricsFor.join(', ')}`, value: z.enum(metricsFor).default('key') },
  TUBAN_CORS: {
    wanted: 'origins such as https://map.example, separated by commas (never *)',
    value: z
      .string()
      .refine((text) => listed(text).every(isOrigin))
      .default(''),
  },
  TUBAN_OIDC_ISSUER: {
    wanted: 'the https:// address of an OpenID Connect provider',
    value: z.string().refine(isIssuer).optional(),
  },
  TUBAN_OIDC_CLIENT_ID: { wanted: 'the id of a client of the provider', value: z.string().optional() },
  TUBAN_OIDC_CLIENT_SECRET: { wanted: 'the secret of that client', value: z.string().optional() },
  TUBAN_OIDC_CLIENT_SECRET_FILE: { wanted: 'a file with that secret', value: z.string().optional() },
  TUBAN_OIDC_SCOPE: {
    wanted: 'words such as openid profile email',
    value: z
      .string()
      .regex(/^openid( [\x21-\x7e]+)*$/)
      .default('openid profile email'),
  },
  TUBAN_OIDC_MAP: { wanted: MAPPING_WANTED, value: z.string().refine(isMapping).optional() },
  TUBAN_BASEMAP: {
    wanted: 'an https address with {z}, {x} and {y}',
    value: z.string().refine(isTileAddress).optional(),
  },
  TUBAN_BASEMAP_ATTRIBUTION: { wanted: 'a text of at most 200 letters', value: z.string().max(200).default('') },
  TUBAN_DRAIN: { wanted: 'seconds from 0 to 300', value: integer(0, 300).default(0) },
};

/** They hold a password: what they say is never repeated. */
const restricted: readonly string[] = ['TUBAN_DATABASE', 'TUBAN_SMTP', 'TUBAN_BASEMAP', 'TUBAN_OIDC_CLIENT_SECRET'];

/**
 * Reads and checks the environment. An empty variable counts as unset.
 *
 * @throws ServiceError bad-input naming the variable, what was wanted and what was got.
 */
export function readConfiguration(environment: Record<string, string | undefined> = process.env): Configuration {
  const read = <Name extends keyof typeof variables>(name: Name) => readVariable(name, environment[name]);
  const schedule = read('TUBAN_SCHEDULE');
  return {
    home: resolve(read('TUBAN_HOME')),
    host: read('HOST'),
    port: read('PORT'),
    schedule: schedule === 'off' ? null : schedule,
    reach: read('TUBAN_SCHEDULE_REACH'),
    workers: read('TUBAN_WORKERS'),
    logLevel: read('TUBAN_LOG'),
    readLog: read('TUBAN_READ_LOG') === 'on',
    database: read('TUBAN_DATABASE') ?? null,
    mail: mailSettings(read('TUBAN_SMTP'), read('TUBAN_MAIL_FROM')),
    rate: rateOf(read('TUBAN_RATE')),
    trustedProxies: listed(read('TUBAN_TRUSTED_PROXY')),
    metricsFor: read('TUBAN_METRICS'),
    origins: listed(read('TUBAN_CORS')),
    basemap: basemapOf(read('TUBAN_BASEMAP'), read('TUBAN_BASEMAP_ATTRIBUTION')),
    oidc: oidcSettings(read),
    drainSeconds: read('TUBAN_DRAIN'),
  };
}

type VariableValue<Name extends keyof typeof variables> = z.output<(typeof variables)[Name]['value']>;

function readVariable<Name extends keyof typeof variables>(name: Name, text: string | undefined): VariableValue<Name> {
  const { wanted, value } = variables[name];
  const result = value.safeParse(text === '' ? undefined : text);
  if (result.success) return result.data as VariableValue<Name>;
  const got = restricted.includes(name) ? 'something else' : `'${text}'`;
  throw new ServiceError('bad-input', `The environment variable ${name} must be ${wanted}; got ${got}.`);
}

function integer(minimum: number, maximum: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
}

function listed(text: string): string[] {
  return text.split(/ *, */).filter((entry) => entry !== '');
}

/** As a browser says it: scheme, name and port, and nothing after. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** As map libraries and WMTS services by key and value write it; one server, no {s}. */
function isTileAddress(text: string): boolean {
  const placed = ['{z}', '{x}', '{y}'].every((part) => text.includes(part));
  return placed && /^https?:\/\/[^{}/?#\s]+\/\S*$/.test(text) && URL.canParse(text);
}

function basemapOf(url: string | undefined, attribution: string): Configuration['basemap'] {
  return url === undefined ? null : { url, attribution: attribution || new URL(url).host };
}

function rateOf(text: string): Configuration['rate'] {
  if (text === 'off') return null;
  const [perSecond, burst] = text.split('/').map(Number);
  return { perSecond, burst };
}

/** @throws ServiceError bad-input where a provider is named and what belongs to it is not */
function oidcSettings(read: <Name extends keyof typeof variables>(name: Name) => VariableValue<Name>) {
  const [issuer, clientId, map] = [read('TUBAN_OIDC_ISSUER'), read('TUBAN_OIDC_CLIENT_ID'), read('TUBAN_OIDC_MAP')];
  if (issuer === undefined) return null;
  for (const [name, value] of Object.entries({ TUBAN_OIDC_CLIENT_ID: clientId, TUBAN_OIDC_MAP: map })) {
    if (value !== undefined) continue;
    throw new ServiceError('bad-input', `TUBAN_OIDC_ISSUER wants ${name} beside it; got none.`);
  }
  const clientSecret = read('TUBAN_OIDC_CLIENT_SECRET') ?? null;
  const clientSecretFile = read('TUBAN_OIDC_CLIENT_SECRET_FILE') ?? null;
  const scope = read('TUBAN_OIDC_SCOPE');
  return { issuer, clientId: clientId!, clientSecret, clientSecretFile, scope, mapping: readMapping(map!) };
}

/** Tokens go there: without TLS to this machine alone. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const near = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && near)) && search === '' && hash === '';
}

function isMapping(text: string): boolean {
  try {
    readMapping(text);
    return true;
  } catch {
    return false;
  }
}

function isMailUrl(text: string): boolean {
  try {
    readMailUrl(text);
    return true;
  } catch {
    return false;
  }
}

/** Unsaid, mail is from whom the server knows, or from the server itself. */
function mailSettings(url: string | undefined, from: string | undefined): MailSettings | null {
  if (url === undefined) return null;
  const { username, hostname } = new URL(url);
  const user = decodeURIComponent(username);
  return { url, from: from ?? (user.includes('@') ? user : `tuban@${hostname}`) };
}
