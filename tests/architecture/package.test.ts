import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { VERSION } from '../../apps/version.ts';

interface Manifest {
  readonly version: string;
  readonly private: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly resolved?: string }>
  >;
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')) as T;

const manifest = read<Manifest>('package.json');
const lock = read<Lock>('package-lock.json');

describe('the package', () => {
  test('says one version everywhere and is never published by accident', () => {
    expect(VERSION).toBe(manifest.version);
    expect(manifest.private).toBe(true);
  });

  test('pins every dependency exactly', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test('has a lock file that names no download host', () => {
    const named = Object.entries(lock.packages).filter(
      ([, { resolved }]) => resolved !== undefined,
    );
    expect(named).toEqual([]);
  });

  // Newer versions of both break on Node 20: one makes npm search for ever, the other does not load.
  test.each([
    ['@langchain/langgraph-sdk', '1.12.4'],
    ['undici', '7.30.2'],
  ])('keeps the override of %s', (name, version) => {
    expect(manifest.overrides[name]).toBe(version);
    const installed = Object.entries(lock.packages).filter(([path]) =>
      path.endsWith(`node_modules/${name}`),
    );
    expect(installed.map(([, entry]) => entry.version)).toEqual([version]);
  });
});
