import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../api/configuration.ts';

describe('configuration', () => {
  it('has a default for everything, so that npm start needs no setting', () => {
    expect(readConfiguration({})).toMatchObject({
      home: resolve('.tuban'),
      host: '127.0.0.1',
      port: 8787,
      schedule: '0 2 1 * *',
      reach: 'open',
      logLevel: 'warn',
      readLog: true,
      database: null,
      mail: null,
      rate: { perSecond: 50, burst: 200 },
      trustedProxies: [],
      metricsFor: 'key',
      origins: [],
      basemap: null,
      oidc: null,
      drainSeconds: 0,
    });
  });

  it('takes every value from the environment, and an empty one as unset', () => {
    const configuration = readConfiguration({
      TUBAN_HOME: '/data/tuban',
      HOST: '0.0.0.0',
      PORT: '0',
      TUBAN_SCHEDULE: 'off',
      TUBAN_SCHEDULE_REACH: 'close',
      TUBAN_WORKERS: '3',
      TUBAN_LOG: '',
      TUBAN_READ_LOG: 'off',
      TUBAN_DATABASE: 'postgres://tuban@localhost/tuban',
      TUBAN_METRICS: 'local',
      TUBAN_CORS: 'https://map.example, http://localhost:3000',
      TUBAN_BASEMAP: 'https://tiles.example/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=secret',
      TUBAN_DRAIN: '15',
    });
    expect(configuration).toEqual({
      home: '/data/tuban',
      host: '0.0.0.0',
      port: 0,
      schedule: null,
      reach: 'close',
      workers: 3,
      logLevel: 'warn',
      readLog: false,
      database: 'postgres://tuban@localhost/tuban',
      mail: null,
      rate: { perSecond: 50, burst: 200 },
      trustedProxies: [],
      metricsFor: 'local',
      origins: ['https://map.example', 'http://localhost:3000'],
      basemap: {
        url: 'https://tiles.example/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=secret',
        attribution: 'tiles.example',
      },
      oidc: null,
      drainSeconds: 15,
    });
  });

  it.each([
    ['PORT', '80a', "The environment variable PORT must be a port from 0 to 65535; got '80a'."],
    ['PORT', '65536', "The environment variable PORT must be a port from 0 to 65535; got '65536'."],
    ['TUBAN_WORKERS', '0', "The environment variable TUBAN_WORKERS must be a whole number from 1 to 256; got '0'."],
    ['TUBAN_LOG', 'loud', 'must be one of trace, debug, info, warn, error, silent'],
    ['TUBAN_SCHEDULE', 'monthly', "must be a cron line such as '0 2 1 * *', or off; got 'monthly'."],
    ['TUBAN_METRICS', 'yes', "must be one of key, local, public, off; got 'yes'."],
    ['TUBAN_CORS', '*', 'must be origins such as https://map.example, separated by commas (never *)'],
    ['TUBAN_CORS', 'https://map.example/', 'must be origins'],
    ['TUBAN_CORS', 'null', 'must be origins'],
    ['TUBAN_CORS', 'https://*.example', 'must be origins'],
    ['TUBAN_CORS', 'map.example', 'must be origins'],
    ['TUBAN_OIDC_ISSUER', 'http://login.example', 'must be the https:// address of an OpenID Connect provider'],
    ['TUBAN_OIDC_ISSUER', 'https://login.example', 'TUBAN_OIDC_ISSUER wants TUBAN_OIDC_CLIENT_ID beside it; got none.'],
    ['TUBAN_OIDC_MAP', '{}', 'TUBAN_OIDC_MAP must be JSON: [{"claim":"groups"'],
    ['TUBAN_BASEMAP', 'https://tiles.example/{z}/{x}', 'must be an https address with {z}, {x} and {y}'],
    ['TUBAN_BASEMAP', 'https://{s}.tiles.example/{z}/{x}/{y}', 'must be an https address with {z}, {x} and {y}'],
    ['TUBAN_BASEMAP', 'data:{z}/{x}/{y}', 'must be an https address with {z}, {x} and {y}'],
    ['TUBAN_DRAIN', '301', "must be seconds from 0 to 300; got '301'."],
    ['HOST', 'my host', 'must be a host name or address to listen on'],
  ])('refuses %s=%s in one line', (name, value, message) => {
    expect(() => readConfiguration({ [name]: value })).toThrow(message);
  });

  it('does not repeat a refused database address, which may hold a password', () => {
    const read = () => readConfiguration({ TUBAN_DATABASE: 'mysql://root:secret@db' });
    expect(read).toThrow('TUBAN_DATABASE must be a postgres:// address');
    expect(read).not.toThrow('secret');
  });
});
