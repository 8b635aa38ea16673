import { BlockList, isIP } from 'node:net';
import { ServiceError } from '../../services/error.ts';

/** Proxies of ours whose X-Forwarded-For, -Proto and -Host are believed; nobody else's are. */
export interface Proxies {
  trusts(address: string): boolean;
}

/** @throws ServiceError bad-input for an entry that is no address and no network (10.0.0.0/8) */
export function trustedProxies(list: readonly string[]): Proxies {
  const trusted = new BlockList();
  for (const entry of list) {
    const [address, bits] = entry.split('/');
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (family === 0 || prefix < 0 || prefix > most) {
      throw new ServiceError('bad-input', `A trusted proxy is an address or a network; got '${entry}'.`);
    }
    trusted.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    trusts: (address) => isIP(address) !== 0 && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6'),
  };
}
