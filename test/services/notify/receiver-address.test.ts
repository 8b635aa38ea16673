import { describe, expect, it } from 'vitest';
import { post } from '../../../services/notify/post.ts';
import { checkedLookup, receiverUrl } from '../../../services/notify/receiver-address.ts';
import { Receiver } from './receiver.ts';

const strict = { allowPrivate: false, allowHttp: false };
const office = { allowPrivate: true, allowHttp: true };

describe('a webhook address', () => {
  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://0x7f.1/',
    'https://127.1/',
    'https://10.1.2.3/',
    'https://172.31.0.9/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[fd00:ec2::254]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
  ])('of this machine or its network is refused: %s', (address) => {
    expect(() => receiverUrl(address, strict)).toThrow(
      /^The receiver .* is not called: wanted a machine of the internet/,
    );
  });

  it.each([
    'http://169.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://100.100.100.200/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://0.0.0.0/',
    'http://239.1.1.1/',
    'http://255.255.255.255/',
  ])('of a metadata service, a link or many machines is refused whatever is allowed: %s', (address) => {
    expect(() => receiverUrl(address, office)).toThrow('is not called');
  });

  it.each([
    ['http://hooks.example.com/', strict, 'wanted an https:// address'],
    ['http://hooks.example.com/', { allowPrivate: false, allowHttp: true }, 'wanted an https:// address'],
    ['http://203.0.114.1/', office, 'wanted https:// to a machine of the internet'],
    ['ftp://hooks.example.com/', office, 'wanted an https:// address'],
    ['file:///etc/passwd', office, 'wanted an https:// address'],
    ['https://me:secret@hooks.example.com/', strict, 'without name and password'],
    ['hooks.example.com', strict, 'wanted an https:// address'],
  ])('%s with %j is refused: %s', (address, reach, reason) => {
    expect(() => receiverUrl(address, reach)).toThrow(reason);
    try {
      receiverUrl(address, reach);
    } catch (error) {
      expect((error as Error).message).not.toContain('secret');
    }
  });

  it('of the internet is taken, and of the own network where that is allowed', () => {
    expect(receiverUrl('https://hooks.example.com/a?b=c', strict).href).toBe('https://hooks.example.com/a?b=c');
    expect(receiverUrl('https://[2606:4700::1]/', strict).hostname).toBe('[2606:4700::1]');
    expect(receiverUrl('http://10.0.0.5:8080/x', office).host).toBe('10.0.0.5:8080');
  });

  it('is checked where the connection is made: a name that leads to this machine is refused there', async () => {
    const refusal = await new Promise((resolve) => {
      checkedLookup(new URL('https://localhost/'), strict)('localhost', {}, (error) => resolve(error));
    });
    expect(String(refusal)).toMatch(/localhost, which is (127\.0\.0\.1|::1)/);
    await expect(post('https://localhost:1/', strict, {}, '{}')).rejects.toThrow('is not called');
  });

  it('is posted to without following where its answer leads', async () => {
    const [receiver, elsewhere] = [new Receiver(), new Receiver()];
    const location = await elsewhere.start();
    receiver.manner = () => ({ status: 307, headers: { location } });
    expect(await post(await receiver.start(), office, {}, '{}')).toEqual({ status: 307, retryAfter: null });
    expect(elsewhere.arrivals).toEqual([]);
    await receiver.stop();
    await elsewhere.stop();
  });
});
