import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { type AddressPolicy, publicOnly } from './address-policy.ts';

/** How other machines are asked. */
export interface RemoteSettings {
  allow: AddressPolicy;
  s3: S3Settings;
  /** How long a server may take to begin its answer, and may be silent or too slow in it. */
  timeoutMs: number;
  /** How often a request that failed for a passing reason is made in all. */
  attempts: number;
  /** Wait before the second attempt; doubled for each further one. */
  firstWaitMs: number;
  /** A file of a server without range requests is taken whole up to this size, and refused above. */
  largestWholeBytes: number;
}

/** Where s3:// leads and with whose key, as AWS's own programs and GDAL are told. */
export interface S3Settings {
  /** Null: requests are not signed, which public buckets accept. */
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string | null } | null;
  region: string;
  /** Address of another service that speaks S3, or null: AWS. */
  endpoint: string | null;
  /** True: bucket.host/key; false: host/bucket/key; null: the first on AWS, the second elsewhere. */
  virtualHosted: boolean | null;
}

const standard: RemoteSettings = {
  allow: publicOnly,
  s3: { credentials: null, region: 'us-east-1', endpoint: null, virtualHosted: null },
  timeoutMs: 30_000,
  attempts: 4,
  firstWaitMs: 250,
  largestWholeBytes: 16 * 2 ** 20,
};

const key = 'tuban remote settings';

/** What is not given is as standard: public addresses only, no key. Threads started afterwards know it too. */
export function setRemoteSettings(settings: Partial<RemoteSettings>): void {
  setEnvironmentData(key, { ...standard, ...settings } as never);
}

export function remoteSettings(): RemoteSettings {
  return (getEnvironmentData(key) as unknown as RemoteSettings | undefined) ?? standard;
}
