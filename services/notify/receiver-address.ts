import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from '../../imagery/remote/address-policy.ts';
import { ServiceError } from '../error.ts';

/** Where webhooks may go: an address that somebody typed in must not make this program talk to its own network. */

export interface Reach {
  /** Machines of the own network, and this one, may be called. */
  allowPrivate: boolean;
  /** Those of them may be called without TLS. */
  allowHttp: boolean;
}

/** What no permission opens: link-local addresses, metadata services of clouds, and what is no single machine. */
const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4');
never.addAddress('100.100.100.200', 'ipv4');
never.addSubnet('224.0.0.0', 3, 'ipv4');
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6');

/**
 * Reads an address as it was typed. Numbers in decimal, octal or hex become plain IPv4 here, as the connection would
 * read them.
 * @throws ServiceError bad-input
 */
export function receiverUrl(text: string, reach: Reach): URL {
  if (!URL.canParse(text)) throw refusal(text.slice(0, 80), 'an https:// address', 'something else');
  const url = new URL(text);
  const shown = url.host || text.slice(0, 80);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && reach.allowHttp && reach.allowPrivate)) {
    const wanted = 'an https:// address (http:// only with --allow-http and --allow-private)';
    throw refusal(shown, wanted, `${url.protocol}//`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refusal(shown, 'an address without name and password', 'one with them');
  }
  const literal = plainHost(url);
  if (isIP(literal) !== 0) checkAddress(url, literal, reach);
  return url;
}

/** The lookup for one connection: what it gives has been checked, so that the checked address is the one connected to. */
export function checkedLookup(url: URL, reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      try {
        for (const { address } of addresses) checkAddress(url, address, reach);
      } catch (refused) {
        return callback(refused as Error, '', 0);
      }
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0].address, addresses[0].family);
    });
  };
}

/** @throws ServiceError bad-input where a machine of this address may not be called */
function checkAddress(url: URL, address: string, { allowPrivate }: Reach): void {
  const isPublic = isPublicAddress(address);
  const got = plainHost(url) === address ? address : `${url.hostname}, which is ${address}`;
  if (!isPublic && (!allowPrivate || isNever(address))) {
    const wanted = allowPrivate
      ? 'a machine of the internet or the own network'
      : 'a machine of the internet (or --allow-private)';
    throw refusal(url.host, wanted, got);
  }
  if (isPublic && url.protocol === 'http:') throw refusal(url.host, 'https:// to a machine of the internet', 'http://');
}

function isNever(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  // An IPv4 address written within an IPv6 one is judged as itself.
  return never.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

function plainHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function refusal(what: string, wanted: string, got: string): ServiceError {
  return new ServiceError('bad-input', `The receiver ${what} is not called: wanted ${wanted}; got ${got}.`);
}
