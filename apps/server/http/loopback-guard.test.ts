import { describe, expect, test } from 'vitest';
import { guardLoopback, type RequestHead } from './loopback-guard.ts';

const PORT = 4810;
const code = (method: string, headers: RequestHead['headers']): string | undefined =>
  guardLoopback({ method, headers }, PORT)?.code;
const json = { host: 'localhost:4810', 'content-type': 'application/json' };

describe('the guard of the loopback', () => {
  test.each(['localhost:4810', '127.0.0.1:4810', '[::1]:4810', 'LocalHost:4810'])(
    'lets %s read',
    (host) => expect(code('GET', { host })).toBeUndefined(),
  );

  test.each([
    undefined,
    '',
    'localhost',
    'localhost:4811',
    'evil.example:4810',
    'localhost.evil.example:4810',
    '127.0.0.1.evil.example:4810',
    'localhost:4810@evil.example',
  ])('refuses the host %s', (host) => expect(code('GET', { host })).toBe('FOREIGN_HOST'));

  test('needs no port in the name where browsers leave it out', () => {
    expect(guardLoopback({ method: 'GET', headers: { host: 'localhost' } }, 80)).toBeUndefined();
  });

  test.each(['http://localhost:4810', 'http://127.0.0.1:4810', undefined])(
    'lets the origin %s write',
    (origin) => expect(code('POST', { ...json, origin })).toBeUndefined(),
  );

  test.each([
    'null',
    'http://evil.example',
    'http://localhost:3000',
    'https://localhost:4810',
    'http://localhost:4810.evil.example',
    'http://http://localhost:4810',
    'localhost:4810',
  ])('refuses the origin %s to write and to listen', (origin) => {
    expect(code('POST', { ...json, origin })).toBe('FOREIGN_ORIGIN');
    expect(code('GET', { host: json.host, upgrade: 'websocket', origin })).toBe('FOREIGN_ORIGIN');
  });

  test.each([undefined, 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'refuses to write %s',
    (type) => expect(code('POST', { ...json, 'content-type': type })).toBe('NOT_JSON'),
  );

  test('takes JSON with a character set', () => {
    const headers = { ...json, 'content-type': 'application/json; charset=utf-8' };
    expect(code('POST', headers)).toBeUndefined();
  });
});
