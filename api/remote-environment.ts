import type { AddressPolicy } from '../imagery/remote/address-policy.ts';
import type { RemoteSettings, S3Settings } from '../imagery/remote/settings.ts';
import { ServiceError } from '../services/error.ts';

type Environment = Record<string, string | undefined>;

/**
 * How scenes on other machines are read, by the variables that AWS's programs and GDAL know. Apart from the other
 * variables for the same reason as api/cache-folder.js.
 * @param isService true where other people's requests are answered: private addresses then only by name
 * @throws ServiceError bad-input naming the variable, never its value: some are secrets
 */
export function readRemoteSettings(
  isService: boolean,
  environment: Environment = process.env,
): Partial<RemoteSettings> {
  return { allow: policyOf(isService, environment), s3: s3Of(environment) };
}

function policyOf(isService: boolean, { TUBAN_PRIVATE_HOSTS: hosts }: Environment): AddressPolicy {
  if (!isService) return { privateHosts: 'any' };
  const names = (hosts ?? '').split(',').map((host) => host.trim().toLowerCase());
  return { privateHosts: names.filter((host) => host !== '') };
}

function s3Of(environment: Environment): S3Settings {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId !== !secretAccessKey) {
    const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
    const [set, missing] = accessKeyId ? names : names.toReversed();
    throw refusal(set, `used together with ${missing}; got it alone`);
  }
  const isAnonymous = !accessKeyId || !secretAccessKey || flag(environment, 'AWS_NO_SIGN_REQUEST') === true;
  const sessionToken = environment['AWS_SESSION_TOKEN'] || null;
  return {
    credentials: isAnonymous ? null : { accessKeyId, secretAccessKey, sessionToken },
    region: environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || 'us-east-1',
    endpoint: endpointOf(environment),
    virtualHosted: flag(environment, 'AWS_VIRTUAL_HOSTING'),
  };
}

function endpointOf(environment: Environment): string | null {
  const name = environment['AWS_ENDPOINT_URL_S3'] ? 'AWS_ENDPOINT_URL_S3' : 'AWS_ENDPOINT_URL';
  const text = environment[name];
  if (!text) return null;
  if (URL.canParse(text) && /^https?:\/\/[^/@?#]+(\/[^@?#]*)?$/i.test(text)) return text;
  throw refusal(name, 'an address such as https://host:9000; got another form');
}

function flag(environment: Environment, name: string): boolean | null {
  const text = environment[name];
  if (!text) return null;
  if (/^(yes|true|on|1)$/i.test(text)) return true;
  if (/^(no|false|off|0)$/i.test(text)) return false;
  throw refusal(name, 'yes or no; got something else');
}

function refusal(name: string, wanted: string): ServiceError {
  return new ServiceError('bad-input', `The environment variable ${name} must be ${wanted}.`);
}
