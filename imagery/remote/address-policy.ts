import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { ImageryError } from '../error.ts';

/**
 * Which machines may be asked. An address that reached us from elsewhere (a request, a catalogue of somebody else's)
 * must not make this program ask machines that only it can reach: the machine itself, its network, a cloud's metadata.
 */
export interface AddressPolicy {
  /** Hosts that may have private addresses: 'any', or 'name' and 'name:port' one by one. */
  privateHosts: 'any' | readonly string[];
}

/** Nothing but what the whole internet can reach. */
export const publicOnly: AddressPolicy = { privateHosts: [] };

/** What is not globally reachable by IANA's special-purpose registries, and what only wraps such an address. */
const notPublic = new BlockList();
for (const [network, prefix] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
  ] as const),
  ...([
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
]) {
  notPublic.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ...([
    ['::', 96],
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['100::', 64],
    ['2001::', 23],
    ['2001:db8::', 32],
  ] as const),
  ...([
    ['2002::', 16],
    ['3fff::', 20],
    ['5f00::', 16],
    ['fc00::', 7],
    ['fe80::', 10],
    ['fec0::', 10],
  ] as const),
  ...([['ff00::', 8]] as const),
]) {
  notPublic.addSubnet(network, prefix, 'ipv6');
}

/** True when the whole internet can reach the address; false for anything that is no IP address. */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 4) return !notPublic.check(plain, 'ipv4');
  // An IPv4-mapped address is judged as the IPv4 address in it.
  if (family === 6) return !notPublic.check(plain, 'ipv6');
  return false;
}

/** True when the policy lets a host have a private address. */
export function mayBePrivate({ privateHosts }: AddressPolicy, { hostname, host }: URL): boolean {
  return privateHosts === 'any' || privateHosts.includes(hostname) || privateHosts.includes(host);
}

/** What the answer of `peer` may lead to: a public machine never leads to a private one. */
export function narrowed(policy: AddressPolicy, peer: string | undefined): AddressPolicy {
  return peer !== undefined && isPublicAddress(peer) ? publicOnly : policy;
}

/** Refuses a URL that names a private address itself. @throws ImageryError remote-refused */
export function checkLiteralAddress(url: URL): void {
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) throw refusal(url.hostname, literal);
}

/**
 * Name resolution that refuses private addresses. It stands where the connection is made, so that the address
 * checked is the address connected to, whatever the name resolves to a moment later.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const found = addresses.find(({ address }) => !isPublicAddress(address));
    if (found !== undefined) return callback(refusal(hostname, found.address), '', 0);
    if (options.all) return callback(null, addresses);
    callback(null, addresses[0].address, addresses[0].family);
  });
};

function refusal(hostname: string, address: string): ImageryError {
  const got = hostname.replace(/^\[(.*)\]$/, '$1') === address ? '' : ` (${address})`;
  return new ImageryError(
    'remote-refused',
    `${hostname}${got}: is not asked: wanted a public address, got one of this machine or its network; name the host in TUBAN_PRIVATE_HOSTS if it may be.`,
  );
}
